package io.weft.path.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.Reason;
import io.weft.path.RelayUse;
import io.weft.path.ice.RelayChoice.Relay;
import io.weft.path.ice.turn.Allocation;
import io.weft.path.ice.turn.RelayTarget;
import io.weft.path.ice.turn.TurnFailed;
import io.weft.support.stun.Credentials;
import io.weft.testkit.ManualTime;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A relay that refuses is asked again, but not for ever as often. */
class RelaysTest {

  private final ManualTime time = new ManualTime();
  private final List<Long> asked = new ArrayList<>();
  private final List<Wire> lent = new ArrayList<>();
  private Reason refusal = Reason.of("clock_skew", "its clock is 5h ahead of ours");
  private boolean lends;
  private int changes;
  private CompletableFuture<Reason> ended = new CompletableFuture<>();
  private final Relays relays = new Relays(core(), this::ask, () -> changes++);

  private Core core() {
    return new Core(time, time, Runnable::run, new SplittableRandom(1), null, null, null, null, new Keepalive(), new IceCounters());
  }

  private CompletableFuture<Allocation> ask(RelayTarget target) {
    asked.add(time.nanos() / 1_000_000);
    return lends ? CompletableFuture.completedFuture(allocation()) : CompletableFuture.failedFuture(new TurnFailed(refusal));
  }

  private Allocation allocation() {
    CompletableFuture<Reason> end = new CompletableFuture<>();
    ended = end;
    Class<?>[] types = {Allocation.class};
    return (Allocation) Proxy.newProxyInstance(Allocation.class.getClassLoader(), types, (proxy, method, args) ->
        switch (method.getName()) {
          case "relayed" -> new InetSocketAddress("203.0.113.7", 50_000);
          case "ended" -> end;
          case "bytesSent", "bytesReceived" -> 7L;
          case "expires" -> time.now().plusSeconds(3_600);
          case "equals" -> proxy == args[0];
          case "hashCode" -> 1;
          default -> null;
        });
  }

  private void know() {
    RelayTarget target = new RelayTarget("turn:203.0.113.7:3478", "203.0.113.7", new InetSocketAddress("203.0.113.7", 3_478),
        RelayTarget.Transport.udp, until -> new Credentials("a", "b"));
    relays.choose(List.of(new Relay("turn:203.0.113.7:3478", "c", "", target, "")), "");
  }

  @Test
  void oneThatRefusesIsAskedLessAndLessOften() {
    know();
    relays.gather(lent::add);
    time.advance(Duration.ofHours(1));
    assertThat(asked.size()).isBetween(60, 66);
    assertThat(asked.get(1) - asked.get(0)).isEqualTo(2_000);
    assertThat(relays.refusal()).isEqualTo("clock_skew");
    assertThat(relays.uses(wire -> 0)).singleElement().extracting(RelayUse::problem).isEqualTo(refusal);
    relays.gather(lent::add);
    assertThat(asked.size()).as("attempts do not make it be asked more often").isLessThanOrEqualTo(66);
    lends = true;
    time.advance(Duration.ofMinutes(1));
    assertThat(relays.refusal()).as("the clock was set right").isEmpty();
    assertThat(relays.uses(wire -> 0)).singleElement().extracting(RelayUse::problem).isNull();
  }

  @Test
  void oneThatIsSilentIsAskedSoonAgain() {
    refusal = Reason.of("unreachable", "no answer");
    know();
    relays.gather(lent::add);
    time.advance(Duration.ofSeconds(60));
    assertThat(asked).hasSize(31);
    assertThat(relays.refusal()).isEqualTo("turn_refused");
  }

  @Test
  void oneThatForgotUsLendsAgain() {
    lends = true;
    know();
    relays.gather(lent::add);
    assertThat(lent).hasSize(1);
    ended.complete(Reason.of("expired", "restarted"));
    assertThat(changes).isEqualTo(1);
    time.advance(Duration.ofSeconds(2));
    assertThat(asked).hasSize(2);
    assertThat(relays.refusal()).isEmpty();
  }

  @Test
  void whatTheDoctorAsksIsAnsweredNow() {
    know();
    assertThat(relays.ask(wire -> 0).join()).singleElement().extracting(RelayUse::problem).isEqualTo(refusal);
    lends = true;
    assertThat(relays.ask(wire -> 0).join()).singleElement().satisfies(use -> {
      assertThat(use.problem()).isNull();
      assertThat(use.relayed()).isEqualTo("203.0.113.7:50000");
    });
  }

  @Test
  void thoseOfTheSameAreaComeFirst() {
    List<Relay> all = List.of(relay("far", "us"), relay("near", "eu"), relay("anywhere", ""));
    relays.choose(all, "eu");
    assertThat(relays.uses(wire -> 0)).extracting(RelayUse::url).containsExactly("near", "far", "anywhere");
    relays.choose(all, "");
    assertThat(relays.uses(wire -> 0)).extracting(RelayUse::url).containsExactly("far", "near", "anywhere");
  }

  private static Relay relay(String url, String area) {
    return new Relay(url, "config", area, null, "of no use to anybody");
  }

  @Test
  void nobodyIsAskedForNobody() {
    know();
    relays.gather(lent::add);
    relays.rest();
    int before = asked.size();
    time.advance(Duration.ofHours(1));
    assertThat(asked).hasSize(before);
    relays.close();
    assertThat(time.pending()).isZero();
  }
}
