package io.weft.transport.quic;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * What strangers may cost before they proved anything: handshakes at once, and new ones per second from one prefix (/24 or /48).
 * On the port's loop.
 */
final class HandshakeLimits {

  // Bounds the table that counts prefixes within one second; who comes in such a second from yet another prefix waits for the
  // next.
  private static final int PREFIXES_MAX = 4_096;
  private static final long SECOND = 1_000_000_000L;

  private final int inFlightMax;
  private final int unprovedMax;
  private final int perPrefixPerSecond;
  private final Map<Long, Integer> started = new HashMap<>();
  private long windowStart;
  private boolean begun;
  private int inFlight;

  /** @param unprovedMax handshakes in flight from which on newcomers have to prove their address first */
  HandshakeLimits(int inFlightMax, int unprovedMax, int perPrefixPerSecond) {
    this.inFlightMax = inFlightMax;
    this.unprovedMax = unprovedMax;
    this.perPrefixPerSecond = perPrefixPerSecond;
  }

  boolean full() {
    return inFlight >= inFlightMax;
  }

  boolean wantsProof() {
    return inFlight >= unprovedMax;
  }

  int inFlight() {
    return inFlight;
  }

  /** Counts an attempt against its prefix and says whether it is within the rate. */
  boolean withinRate(InetAddress from, long nanos) {
    if (!begun || nanos - windowStart >= SECOND) {
      begun = true;
      windowStart = nanos;
      started.clear();
    }
    long prefix = prefix(from);
    Integer count = started.get(prefix);
    if (count == null && started.size() >= PREFIXES_MAX || count != null && count >= perPrefixPerSecond) {
      return false;
    }
    started.put(prefix, count == null ? 1 : count + 1);
    return true;
  }

  void began() {
    inFlight++;
  }

  void ended() {
    inFlight--;
  }

  private static long prefix(InetAddress address) {
    byte[] bytes = address.getAddress();
    int length = address instanceof Inet4Address ? 3 : 6;
    long prefix = length;
    for (int i = 0; i < length; i++) {
      prefix = prefix << 8 | bytes[i] & 0xff;
    }
    return prefix;
  }
}
