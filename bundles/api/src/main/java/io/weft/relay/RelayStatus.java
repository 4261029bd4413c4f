package io.weft.relay;

import java.util.List;
import java.util.Map;

/**
 * @param listeners where it listens, {@code host:port/protocol}; empty while it does not serve
 * @param address the address that peers of clients see; empty while it does not serve
 * @param allocationsMax how many allocations it has room for
 * @param allocations those there are, the oldest first
 * @param bytesPerSecond what it carried in the last ten seconds or so, both directions together
 * @param counters since it started, by stable name
 * @param problem why it does not serve although it is told to, in one line; empty if nothing is wrong
 */
public record RelayStatus(
    List<String> listeners,
    String address,
    String realm,
    int allocationsMax,
    List<RelayAllocation> allocations,
    long bytesPerSecond,
    Map<String, Long> counters,
    String problem) {

  public RelayStatus {
    listeners = List.copyOf(listeners);
    allocations = List.copyOf(allocations);
    counters = Map.copyOf(counters);
  }
}
