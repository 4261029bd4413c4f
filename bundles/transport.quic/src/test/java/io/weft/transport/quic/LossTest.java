package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testkit.FakeLinkHandler;
import io.weft.transport.LinkLimits;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The codec forgets some frames when their packet is lost, and shrinks windows. Nothing here depends on them; what happens to
 * those that do is in {@link io.weft.transport.quic.codec.CodecFaultsTest}.
 */
class LossTest {

  private static final int MIB = 1 << 20;

  @Test
  void bringsEverythingToASlowReaderThroughLoss() throws Exception {
    for (int i = 0; i < 3; i++) {
      transfer(Tuning.GUARDED, 64L * MIB, 60_000, 0.05, 120);
    }
  }

  /** As long as it takes: {@code -Dweft.soak.loss=true}. */
  @Test
  @EnabledIfSystemProperty(named = "weft.soak.loss", matches = "true")
  void bringsAGibibyteTwentyTimes() throws Exception {
    for (int i = 0; i < 20; i++) {
      long start = System.nanoTime();
      transfer(Tuning.GUARDED, 1024L * MIB, 60_000, 0.05, 1_200);
      System.out.printf("%d of 20: 1 GiB through 5 %% loss in %.1f s%n", i + 1, (System.nanoTime() - start) / 1e9);
    }
  }

  private static void transfer(Tuning tuning, long size, int bytesPerMilli, double loss, int seconds) throws Exception {
    SlowRead slow = new SlowRead(size, bytesPerMilli);
    try (LinkedNodes nodes = nodes(tuning, loss, slow)) {
      slow.start(nodes.nearLink);
      try {
        slow.done().get(seconds, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        throw new AssertionError(slow.read() + " of " + size + " bytes after " + seconds + " s, " + nodes.nearLink.stats(), e);
      }
      assertThat(slow.read()).isEqualTo(size);
      assertThat(nodes.relay.lost()).as("lost packets").isGreaterThan(nodes.relay.passed() / 30);
    }
  }

  private static LinkedNodes nodes(Tuning tuning, double loss, SlowRead slow) throws Exception {
    return new LinkedNodes(QuicNode.Config.LOOPBACK, tuning, LinkLimits.DEFAULT, loss, new FakeLinkHandler(),
        link -> slow.handler());
  }
}
