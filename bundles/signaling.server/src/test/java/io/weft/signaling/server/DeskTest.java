package io.weft.signaling.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.support.signal.Counters;
import io.weft.support.signal.Sealer;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.ManualTime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What strangers can make a broker do. */
class DeskTest {

  private final ManualTime time = new ManualTime();
  private final FakeIdentity identity = new FakeIdentity("demo", "hub");
  private final Counters counters = new Counters();
  private final Desk desk = new Desk(Broker.LIMITS, new Desk.Tools(new Membership(identity, false, () -> null),
      new Sealer(identity, "demo", time), new HostNames(7_000, false, Set.of(), time), time, time, Runnable::run, counters));

  private int ask(int network) throws UnknownHostException {
    AtomicReference<Answer> answer = new AtomicReference<>();
    InetAddress from = InetAddress.getByAddress(new byte[] {10, (byte) (network >> 8), (byte) network, 1});
    desk.ask(new Desk.Asked("GET", "/", "hub:7000", "", new byte[0], from), answer::set);
    return answer.get().status();
  }

  @Test
  void allNetworksTogetherHaveABound() throws Exception {
    int served = 0;
    for (int i = 0; i < 3 * Limits.REQUESTS_PER_SECOND; i++) {
      served += ask(i) == 404 ? 1 : 0;
    }
    assertThat(served).isEqualTo(2 * Limits.REQUESTS_PER_SECOND);
    assertThat(counters.snapshot()).containsEntry("requests_refused_rate_broker", (long) Limits.REQUESTS_PER_SECOND);
    time.advance(Duration.ofSeconds(1));
    assertThat(ask(1)).isEqualTo(404);
  }
}
