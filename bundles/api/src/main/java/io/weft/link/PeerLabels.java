package io.weft.link;

import java.util.Map;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What peers say of themselves over their links: {@code relay}, the URL under which the peer relays for others, and {@code area}. Said by
 * a member of the fabric and proved by nobody; whoever acts on it checks it. Any thread; answers from memory.
 */
@ProviderType
public interface PeerLabels {

  /** Names of labels that peers may say; others are dropped. */
  Set<String> SAID = Set.of("relay", "area");

  /** What each peer said last, by its name; kept while the peer is known, also when its link is gone. */
  Map<String, Map<String, String>> labels();
}
