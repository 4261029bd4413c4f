package io.weft.path.ice;

import io.weft.directory.Peer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A peer that relays for others, as its label says: one of the configuration or of discovery, or one that the peer says over its link.
 *
 * @param spec null if it cannot be used
 * @param problem why not; empty if it can
 */
record RelayOffer(String peer, String url, String area, @Nullable ServerSpec spec, String problem) {

  private static final String LABEL = "relay";
  private static final String AREA = "area";
  private static final int SECURE_PORT = 443;
  private static final int ANY_PORT = 3_478;

  /**
   * By name of the peer. What an operator wrote counts more than what the peer says, and is believed.
   *
   * @param said labels that peers say of themselves: a member that lies must not make this node call its own machine, its network or a
   *     stranger's name
   */
  static List<RelayOffer> of(List<Peer> peers, Map<String, Map<String, String>> said, CandidateFilter filter) {
    List<RelayOffer> offers = new ArrayList<>();
    for (Peer peer : peers) {
      Map<String, String> own = said.getOrDefault(peer.name(), Map.of());
      String area = peer.labels().getOrDefault(AREA, own.getOrDefault(AREA, ""));
      String told = peer.labels().getOrDefault(LABEL, "");
      String url = told.isEmpty() ? own.getOrDefault(LABEL, "") : told;
      if (!url.isEmpty()) {
        offers.add(offer(peer, url, area, told.isEmpty() ? Optional.of(filter) : Optional.empty()));
      }
    }
    return offers;
  }

  private static RelayOffer offer(Peer peer, String url, String area, Optional<CandidateFilter> doubt) {
    try {
      ServerSpec spec = ServerSpec.parse(url);
      String refusal = doubt.map(filter -> refusal(peer, spec, filter)).orElse("");
      return refusal.isEmpty()
          ? new RelayOffer(peer.name(), url, area, spec, "")
          : new RelayOffer(peer.name(), url, area, null, "the peer offers it, but " + refusal);
    } catch (IllegalArgumentException e) {
      return new RelayOffer(peer.name(), url, area, null, e.getMessage());
    }
  }

  private static String refusal(Peer peer, ServerSpec spec, CandidateFilter filter) {
    InetSocketAddress address = spec.address().socketAddress().orElse(null);
    if (address == null) {
      return "by a name rather than an IP address; add it to relays if it is to be used";
    }
    String host = spec.address().host();
    // Where the operator says that the peer is, it may relay as well, in a private network too.
    if (peer.candidates().stream().anyMatch(candidate -> candidate.host().equals(host))) {
      return "";
    }
    InetSocketAddress checked = address.getPort() == SECURE_PORT ? new InetSocketAddress(address.getAddress(), ANY_PORT) : address;
    String code = filter.refusal(checked, Set.of(), false);
    return code.isEmpty() ? "" : "at an address that is not for peers to name (" + code + "); add it to relays if it is to be used";
  }
}
