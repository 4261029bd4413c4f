package io.weft.path.ice;

import io.weft.path.ice.turn.RelayTarget;
import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretUnavailable;
import io.weft.secret.Secrets;
import io.weft.support.stun.Credentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The servers that there are: those of the configuration, and peers that relay, which say so by the label {@code relay} with a URL and
 * share the secret {@code relay} of the formation. Immutable; names and secrets are resolved.
 *
 * @param stun servers that say how this node is seen
 */
record RelayChoice(List<Relay> relays, Set<InetSocketAddress> stun) {

  static final RelayChoice NONE = new RelayChoice(List.of(), Set.of());

  private static final SecretReference PEERS_SECRET = new SecretReference("formation", "relay");
  private static final int MAX = 16;

  /**
   * One relay, usable or not.
   *
   * @param target null if it cannot be used
   * @param problem why not; empty if it can
   */
  record Relay(String url, String source, String area, @Nullable RelayTarget target, String problem) {}

  RelayChoice {
    relays = List.copyOf(relays);
    stun = Set.copyOf(stun);
  }

  /** May block: asks for names and secrets. @param self what quotas of relays go by */
  static RelayChoice of(List<ConfiguredServer> configured, List<RelayOffer> offers, @Nullable Secrets secrets, String self) {
    List<Relay> relays = new ArrayList<>();
    Set<InetSocketAddress> stun = new LinkedHashSet<>();
    for (ConfiguredServer server : configured) {
      if (server.spec() == null) {
        relays.add(new Relay(server.url(), "config", server.area(), null, server.problem()));
      } else {
        add(new Entry(server.url(), "config", server.area(), server.spec(), server.secret()), secrets, self, relays, stun);
      }
    }
    for (RelayOffer offer : offers) {
      if (relays.size() >= MAX) {
        break;
      }
      if (offer.spec() == null) {
        relays.add(new Relay(offer.url(), offer.peer(), offer.area(), null, offer.problem()));
      } else {
        add(new Entry(offer.url(), offer.peer(), offer.area(), offer.spec(), PEERS_SECRET), secrets, self, relays, stun);
      }
    }
    return new RelayChoice(relays, stun);
  }

  private record Entry(String url, String source, String area, ServerSpec spec, @Nullable SecretReference secret) {}

  private static void add(Entry entry, @Nullable Secrets secrets, String self, List<Relay> relays, Set<InetSocketAddress> stun) {
    InetAddress[] found;
    try {
      found = InetAddress.getAllByName(entry.spec.address().host());
    } catch (UnknownHostException e) {
      relays.add(new Relay(entry.url, entry.source, entry.area, null, "no address is known for its name"));
      return;
    }
    if (entry.spec.transport() == ServerSpec.Transport.udp) {
      for (InetAddress address : found) {
        stun.add(new InetSocketAddress(address, entry.spec.address().port()));
      }
    }
    if (entry.spec.turn()) {
      relays.add(relay(entry, found[0], secrets, self));
    }
  }

  private static Relay relay(Entry entry, InetAddress address, @Nullable Secrets secrets, String self) {
    if (entry.secret == null || secrets == null) {
      return new Relay(entry.url, entry.source, entry.area, null, entry.secret == null ? "relays.secret is missing" : "no secrets yet");
    }
    byte[] bytes;
    try (Secret secret = secrets.resolve(entry.secret)) {
      bytes = secret.copy();
    } catch (SecretUnavailable e) {
      return new Relay(entry.url, entry.source, entry.area, null, "its secret " + entry.secret + " cannot be read");
    }
    RelayTarget target =
        new RelayTarget(entry.url, entry.spec.address().host(), new InetSocketAddress(address, entry.spec.address().port()),
            RelayTarget.Transport.valueOf(entry.spec.transport().name()), until -> Credentials.timeLimited(bytes, self, until));
    return new Relay(entry.url, entry.source, entry.area, target, "");
  }
}
