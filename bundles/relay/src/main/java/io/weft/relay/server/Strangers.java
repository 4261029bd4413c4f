package io.weft.relay.server;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many answers go out to those who have proved nothing. Their address may be forged, so each network (/24 or /48) gets a bounded number,
 * and a relay cannot be made to flood anybody. Any thread.
 */
final class Strangers {

  private static final int ALL_PER_SECOND = 20_000;
  private static final int NETWORK_PER_SECOND = 400;
  private static final int NETWORKS_MAX = 4_096;

  private final Meter all;
  // By the bytes of the network; the one that was quiet longest goes first.
  private final Map<Long, Meter> networks = new LinkedHashMap<>(64, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, Meter> eldest) {
      return size() > NETWORKS_MAX;
    }
  };

  Strangers(long now) {
    all = new Meter(ALL_PER_SECOND, now);
  }

  /** Takes one answer, if there is one left. */
  synchronized boolean mayAnswer(InetAddress to, long now) {
    return networks.computeIfAbsent(network(to), n -> new Meter(NETWORK_PER_SECOND, now)).take(1, now) && all.take(1, now);
  }

  private static long network(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? ByteBuffer.wrap(bytes).getInt() >>> 8 : ByteBuffer.wrap(bytes).getLong() | 0xffff;
  }
}
