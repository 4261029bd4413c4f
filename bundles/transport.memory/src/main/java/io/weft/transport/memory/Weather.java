package io.weft.transport.memory;

import java.time.Duration;

/**
 * What the network does to frames in one direction.
 *
 * @param delay how much later everything arrives; streams stay in order
 * @param loss the share that is lost, 0 to 1: of datagrams, for good; what streams send is sent again, and arrives {@link #RESENT} later,
 *     with all that comes behind it
 * @param reorder up to how much later still a datagram arrives, so that others overtake it
 */
public record Weather(Duration delay, double loss, Duration reorder) {

  /** As long as a transport takes to notice a loss and send again on a near network: the least probe timeout of RFC 9002 with a round trip. */
  static final Duration RESENT = Duration.ofMillis(50);

  public static final Weather CALM = new Weather(Duration.ZERO, 0, Duration.ZERO);

  public Weather {
    if (delay.isNegative() || reorder.isNegative()) {
      throw new IllegalArgumentException("nothing arrives before it was sent: delay " + delay + ", reorder " + reorder);
    }
    if (!(loss >= 0 && loss <= 1)) {
      throw new IllegalArgumentException("loss is a share from 0 to 1, not " + loss);
    }
  }
}
