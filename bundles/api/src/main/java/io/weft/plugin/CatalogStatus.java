package io.weft.plugin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A configured catalogue and how it is doing.
 *
 * @param location folder or URL
 * @param version of the index that is in use, or 0 if none is
 * @param expires when that index stops being good
 * @param root version of the root that says whose signatures count, or 0 if it has none
 * @param rootExpires when that root stops being good
 * @param signers names of the keys whose signatures on it count
 * @param plugins how many versions of plugins it lists
 * @param problem why it cannot be used now, in one line; empty if it can
 */
public record CatalogStatus(
    String name,
    String location,
    long version,
    Optional<Instant> expires,
    long root,
    Optional<Instant> rootExpires,
    List<String> signers,
    int plugins,
    String problem) {

  public CatalogStatus {
    signers = List.copyOf(signers);
  }
}
