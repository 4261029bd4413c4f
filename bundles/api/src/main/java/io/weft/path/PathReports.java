package io.weft.path;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/** Says why. Provided by whoever finds paths; any thread, answers from memory unless it says otherwise. */
@ProviderType
public interface PathReports {

  /** The report on one peer; empty if no attempt was ever made. */
  Optional<PathReport> report(String peer);

  /** Asks the servers again what the NAT in front of this node is; completes within 10 s, never exceptionally. */
  CompletableFuture<NatReport> nat();

  /** Relays that this node may use. */
  List<RelayUse> relays();

  /**
   * The same, after each one that lends nothing now was asked whether it would. Completes within 10 s, never exceptionally; what did not
   * answer by then is told as {@link #relays} has it.
   */
  CompletableFuture<List<RelayUse>> askRelays();

  /** Counters since start, by stable name: {@code attempts}, {@code candidates_filtered_loopback}, ... */
  Map<String, Long> counters();
}
