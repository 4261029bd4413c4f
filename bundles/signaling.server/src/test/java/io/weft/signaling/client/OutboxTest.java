package io.weft.signaling.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.Registration;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalType;
import io.weft.support.signal.Envelope;
import io.weft.support.signal.Sealer;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final ManualTime time = new ManualTime();
  private final Sealer sealer = new Sealer(new FakeIdentity("demo", "a"), "demo", time);
  private final List<CompletableFuture<Void>> link = new ArrayList<>();
  private final List<Outbox.Pending> brokers = new ArrayList<>();
  private boolean brokerThere = true;

  private final Outbox outbox = new Outbox("b", new Outbox.Ways() {

    @Override
    public boolean linked(String peer) {
      return true;
    }

    @Override
    public CompletableFuture<Void> overLink(String peer, List<Envelope> batch) {
      CompletableFuture<Void> taken = new CompletableFuture<>();
      link.add(taken);
      return taken;
    }

    @Override
    public void overBrokers(Outbox.Pending pending) {
      brokers.add(pending);
    }

    @Override
    public boolean hasBroker() {
      return brokerThere;
    }

    @Override
    public Registration after(Duration delay, Runnable task) {
      return time.after(delay, Runnable::run, task);
    }
  }, time);

  private Outbox.Pending send(long attempt) {
    Outbox.Pending pending =
        new Outbox.Pending(sealer.seal("b", new Signal(SignalType.auth, attempt, new byte[] {1})), new CompletableFuture<>());
    outbox.send(pending);
    return pending;
  }

  @Test
  void aQuickLinkTakesAll() {
    Outbox.Pending first = send(1);
    link.get(0).complete(null);
    time.advance(Duration.ofSeconds(1));
    assertThat(first.sent()).isCompletedWithValue(Inbox.LINK);
    assertThat(brokers).isEmpty();
  }

  @Test
  void brokersGetWhatASlowLinkHasNotTaken() {
    Outbox.Pending first = send(1);
    time.advance(Duration.ofMillis(600));
    Outbox.Pending second = send(1);
    assertThat(brokers).containsExactly(first, second);
    // The link was only slow, and is used again.
    link.get(0).complete(null);
    send(1);
    assertThat(link).hasSize(2);
    assertThat(brokers).hasSize(2);
  }

  @Test
  void aDoubtedLinkIsNotWaitedFor() {
    outbox.doubtLink();
    Outbox.Pending first = send(1);
    time.advance(Duration.ZERO);
    assertThat(link).hasSize(1);
    assertThat(brokers).containsExactly(first);
    link.get(0).completeExceptionally(new IllegalStateException("dead"));
    assertThat(brokers).as("once is enough").containsExactly(first);
  }

  @Test
  void withoutBrokersALinkIsWaitedFor() {
    brokerThere = false;
    outbox.doubtLink();
    Outbox.Pending first = send(1);
    time.advance(Duration.ofSeconds(3));
    assertThat(brokers).isEmpty();
    link.get(0).completeExceptionally(new IllegalStateException("dead"));
    assertThat(brokers).containsExactly(first);
  }
}
