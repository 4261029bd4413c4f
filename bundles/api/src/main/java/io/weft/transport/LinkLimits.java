package io.weft.transport;

import java.time.Duration;

/**
 * What a link may cost. The transport enforces these below the mesh; defaults are those of {@code mesh} in the reference.
 *
 * @param streamsMax open at once that the peer opened
 * @param handshakeTimeout from the first packet to a proven peer
 * @param idleTimeout a link on which nothing arrived for this long is dead; the mesh keeps it busy with pings
 * @param datagramQueueMax datagrams that wait to be sent; more are dropped and counted
 */
public record LinkLimits(int streamsMax, Duration handshakeTimeout, Duration idleTimeout, int datagramQueueMax) {

  public static final LinkLimits DEFAULT = new LinkLimits(257, Duration.ofSeconds(10), Duration.ofSeconds(30), 1_024);

  public LinkLimits {
    if (streamsMax < 1 || datagramQueueMax < 1 || handshakeTimeout.toMillis() < 1 || idleTimeout.toMillis() < 1) {
      throw new IllegalArgumentException("limits of a link are positive");
    }
  }
}
