package io.weft.path.ice;

import io.weft.path.NatKind;
import java.util.Map;

/** Why there is no direct path, and what an operator can do. */
final class Advice {

  private static final Map<String, String> SENTENCES = Map.of(
      "no_udp", "No UDP comes back from any STUN server: open UDP out of this node's network, or add a relay with ?transport=tcp to relays.",
      "both_symmetric",
      "The NATs of both nodes map each destination differently, so only a relay can join them: add one to relays, or forward a port to one node.",
      "turn_refused", "The relay refuses this node: compare its secret with that of relays, and the clocks of both machines.",
      "clock_skew", "The clocks of this node and of the relay differ: let both set them by NTP.",
      "no_relay", "No relay is known: add one to relays, so that there is a way where no direct one is.",
      "no_signal", "The nodes cannot exchange their addresses: check that a broker of signaling is reachable from both.",
      "no_answer", "The peer did not answer: check that it runs, knows this node, and reaches a common broker of signaling.",
      "policy", "The policy of path.ice forbids what would work: allow it there, or make the other way work.",
      "consent_expired", "The path went silent and no other was found: check the network of both nodes.",
      "no_pair", "No pair of addresses works: check that firewalls let UDP out on both sides, or add a relay to relays.");

  private Advice() {}

  static String of(String cause) {
    return SENTENCES.getOrDefault(cause, "");
  }

  /**
   * @param relays how many relays are known
   * @param refused why all of them refuse us: {@code turn_refused} or {@code clock_skew}; empty if one does not
   */
  static String cause(Policy policy, NatKind ours, NatKind theirs, int relays, String refused) {
    boolean wanted = policy != Policy.direct_only;
    if (ours == NatKind.blocked) {
      return "no_udp";
    }
    if (wanted && relays > 0 && !refused.isEmpty()) {
      return refused;
    }
    if (policy == Policy.relay_only) {
      return relays == 0 ? "no_relay" : "policy";
    }
    if (ours == NatKind.address_dependent && theirs == NatKind.address_dependent) {
      return "both_symmetric";
    }
    if (!wanted) {
      return "policy";
    }
    return relays == 0 ? "no_relay" : "no_pair";
  }
}
