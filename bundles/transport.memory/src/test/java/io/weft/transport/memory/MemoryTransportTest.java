package io.weft.transport.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.Reason;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeIo;
import io.weft.testkit.FakeStreamHandler;
import io.weft.testkit.RealTime;
import io.weft.testkit.TransportContract;
import io.weft.testkit.TransportEndpoint;
import io.weft.transport.LinkLimits;
import io.weft.transport.Stream;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MemoryTransportTest extends TransportContract {

  private static final FakeIo IO = new FakeIo(2);
  private static final RealTime TIME = new RealTime();
  private final MemoryNetwork network = new MemoryNetwork();

  @Override
  protected TransportEndpoint endpoint(FakeIdentity identity) {
    return new MemoryEndpoint(network, IO, TIME, identity);
  }

  @AfterAll
  static void stop() {
    IO.close();
    TIME.close();
  }

  @Test
  void holdsBackWhatStreamsSendWhileBlocked() {
    Pair pair = echoing();
    FakeStreamHandler answers = new FakeStreamHandler();
    Stream stream = stream(pair.near(), answers);
    network.block("a", "b");
    send(stream, 0, 100);
    assertThat(on(pair.near(), () -> pair.near().sendDatagram(tracked(new byte[1])))).isFalse();
    assertThat(on(pair.far(), () -> pair.farHandler().streams().size())).isZero();
    network.unblock("a", "b");
    Await.until("the echo", SOON, () -> answers.received() == 100);
  }

  @Test
  void tellsNobodyThatANodeWasKilled() {
    LinkLimits impatient = new LinkLimits(257, Duration.ofSeconds(1), Duration.ofMillis(300), 128);
    Pair pair = pair(impatient, s -> new FakeStreamHandler(), s -> new FakeStreamHandler());
    network.kill("b");
    Stream stream = stream(pair.near(), new FakeStreamHandler());
    send(stream, 0, 100_000);
    Await.until("the survivor to notice", SOON, () -> pair.nearHandler().end() != null);
    assertThat(pair.nearHandler().end().reason().code()).isEqualTo("idle_timeout");
    assertThat(pair.farHandler().end()).isNull();
  }

  @Test
  void closesItsLinksWhenItStops() {
    TransportEndpoint a = open(member("a"));
    TransportEndpoint b = open(member("b"));
    Doorman doorman = accept(b, LinkLimits.DEFAULT, s -> new FakeStreamHandler());
    Pair pair = dial(a, a.pathTo(b), member("b").self(), LinkLimits.DEFAULT, doorman, s -> new FakeStreamHandler());
    b.close();
    Await.until("both ends", SOON, () -> pair.nearHandler().end() != null && pair.farHandler().end() != null);
    assertThat(pair.nearHandler().end().reason()).isEqualTo(Reason.of("transport_stopped"));
  }

  @Test
  void refusesASecondNodeOfOneName() {
    TransportEndpoint first = open(member("a"));
    assertThatThrownBy(() -> endpoint(member("a"))).hasMessage("a node named a is in this network already");
    first.close();
    open(member("a"));
  }
}
