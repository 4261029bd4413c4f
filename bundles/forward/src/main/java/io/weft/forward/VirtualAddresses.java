package io.weft.forward;

import io.weft.directory.Peer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of the loopback network that stand for peers (127.50.0.N) and for services (127.10.0.N). What is known of a peer stays when
 * it is not listed any more, or there is no directory, because nothing that is open may depend on that. Any thread.
 */
final class VirtualAddresses {

  private static final String LABEL = "vip";
  private static final int PEERS_MAX = 4_096;

  private volatile Map<String, Integer> numbers = Map.of();

  /** Returns whether any peer's number changed. */
  boolean update(List<Peer> peers) {
    Map<String, Integer> before = numbers;
    Map<String, Integer> next = before.size() < PEERS_MAX ? new HashMap<>(before) : new HashMap<>();
    for (Peer peer : peers) {
      int number = number(peer.labels().get(LABEL));
      if (number > 0) {
        next.put(peer.name(), number);
      } else {
        next.remove(peer.name());
      }
    }
    numbers = Map.copyOf(next);
    return !next.equals(before);
  }

  Optional<InetAddress> ofPeer(String peer) {
    Integer number = numbers.get(peer);
    return number == null ? Optional.empty() : Optional.of(address(50, number));
  }

  /** Empty unless the number is 1 to 254. */
  static Optional<InetAddress> ofService(int number) {
    return isNumber(number) ? Optional.of(address(10, number)) : Optional.empty();
  }

  private static int number(@Nullable String label) {
    if (label == null || label.isEmpty() || label.length() > 3 || !label.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return 0;
    }
    int number = Integer.parseInt(label);
    return isNumber(number) ? number : 0;
  }

  private static boolean isNumber(int number) {
    return number >= 1 && number <= 254;
  }

  private static InetAddress address(int network, int number) {
    try {
      return InetAddress.getByAddress(new byte[] {127, (byte) network, 0, (byte) number});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
