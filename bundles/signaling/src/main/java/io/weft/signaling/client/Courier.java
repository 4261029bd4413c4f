package io.weft.signaling.client;

import io.netty.channel.EventLoop;
import io.weft.directory.PeerDirectory;
import io.weft.link.LinkState;
import io.weft.link.Links;
import io.weft.node.Clock;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.signaling.Broker;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalNotSent;
import io.weft.signaling.SignalReceiver;
import io.weft.support.signal.Counters;
import io.weft.support.signal.Envelope;
import io.weft.support.signal.EnvelopeJson;
import io.weft.support.signal.Sealer;
import io.weft.transport.RawChannels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Carries signals between this node and its peers while the configuration is as it is. What is not for any thread is on its loop. */
final class Courier implements AutoCloseable, Outbox.Ways {

  private static final int PEERS_MAX = 4_096;
  private static final Duration MOST = Duration.ofSeconds(10);

  /** What comes and goes while the courier stays. */
  record Surroundings(Supplier<@Nullable PeerDirectory> directory, Supplier<@Nullable Links> links,
      Supplier<@Nullable RawChannels> channels, List<SignalReceiver> receivers) {

    /** Whether channels to that peer can be opened now. Any thread. */
    boolean linked(String peer) {
      Links now = links.get();
      return now != null && channels.get() != null
          && now.link(peer).map(link -> link.state() == LinkState.up || link.state() == LinkState.degraded).orElse(false);
    }
  }

  private final EventLoop loop;
  private final NodeIdentity identity;
  private final Sealer sealer;
  private final Clock clock;
  private final Timers timers;
  private final Counters counters;
  private final Surroundings surroundings;
  private final List<BrokerClient> brokers;
  private final Inbox inbox;
  private final Map<String, Outbox> outboxes = new LinkedHashMap<>(16, 0.75f, true);
  private volatile boolean closed;

  Courier(EventLoop loop, String fabric, BrokerClient.Tools tools, List<HttpLane.Way> ways, Surroundings surroundings) {
    this.loop = loop;
    this.identity = tools.identity();
    this.clock = tools.clock();
    this.timers = tools.timers();
    this.counters = tools.counters();
    this.surroundings = surroundings;
    this.sealer = new Sealer(identity, fabric, clock);
    this.inbox = new Inbox(identity, sealer, clock, counters, surroundings.directory(), surroundings.receivers());
    this.brokers = ways.stream().map(way -> new BrokerClient(way, tools, inbox::arrived)).toList();
  }

  /** Begins to ask brokers. Any thread, any number of times. */
  void listen() {
    onLoop(() -> {
      if (!closed) {
        brokers.forEach(BrokerClient::poll);
      }
    });
  }

  /** Makes connections to brokers anew. Any thread. */
  void renew() {
    onLoop(() -> {
      brokers.forEach(BrokerClient::renew);
      outboxes.values().forEach(Outbox::doubtLink);
    });
  }

  /** Returns whether it will be run: after the end of the loop nothing is. */
  private boolean onLoop(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** What a peer sent over its link. Only its own: what it passes on for others has other ways. Any thread. */
  void arrived(String peer, byte[] bytes) {
    onLoop(() -> fromLink(peer, bytes));
  }

  private void fromLink(String peer, byte[] bytes) {
    try {
      List<Envelope> own = EnvelopeJson.readList(bytes).stream().filter(envelope -> envelope.from().equals(peer)).toList();
      inbox.arrived(Inbox.LINK, own);
    } catch (IllegalArgumentException malformed) {
      counters.add("signals_dropped_malformed");
    }
  }

  /** Any thread. */
  @Override
  public boolean hasBroker() {
    return brokers.stream().anyMatch(broker -> !broker.isDown());
  }

  /** Any thread. */
  List<Broker> states() {
    return brokers.stream().map(BrokerClient::state).toList();
  }

  /** Asks every broker now. Any thread. */
  List<CompletableFuture<Broker>> probe() {
    List<CompletableFuture<Broker>> answers = new ArrayList<>();
    for (BrokerClient broker : brokers) {
      CompletableFuture<Broker> answer = new CompletableFuture<>();
      answers.add(answer);
      if (!onLoop(() -> broker.probe().whenComplete((state, problem) -> answer.complete(broker.state())))) {
        answer.complete(broker.state());
      }
    }
    return answers;
  }

  /** Any thread. */
  CompletableFuture<String> send(PeerIdentity to, Signal signal) {
    CompletableFuture<String> sent = new CompletableFuture<>();
    if (closed || !onLoop(() -> send(to.name(), new Outbox.Pending(sealer.seal(to.name(), signal), sent)))) {
      sent.completeExceptionally(new SignalNotSent(Reason.of("cancelled", "this node stops")));
    }
    return sent;
  }

  private void send(String to, Outbox.Pending pending) {
    if (closed) {
      pending.fail(Reason.of("cancelled", "this node stops"));
      return;
    }
    Registration timer = timers.after(MOST, loop, () -> pending.fail(Reason.of("unreachable", "no way took it within 10 s")));
    pending.sent().whenComplete((via, problem) -> {
      timer.close();
      counters.add(problem != null ? "signals_failed" : via.equals(Inbox.LINK) ? "signals_sent_link" : "signals_sent_broker");
    });
    outbox(to).send(pending);
  }

  private Outbox outbox(String peer) {
    Outbox outbox = outboxes.get(peer);
    if (outbox == null) {
      if (outboxes.size() >= PEERS_MAX) {
        outboxes.values().removeIf(Outbox::isIdle);
      }
      outbox = new Outbox(peer, this, clock);
      outboxes.put(peer, outbox);
    }
    return outbox;
  }

  @Override
  public Registration after(Duration delay, Runnable task) {
    return timers.after(delay, loop, task);
  }

  @Override
  public boolean linked(String peer) {
    return surroundings.linked(peer);
  }

  @Override
  public CompletableFuture<Void> overLink(String peer, List<Envelope> batch) {
    RawChannels channels = surroundings.channels().get();
    CompletableFuture<Void> taken = new CompletableFuture<>();
    if (channels == null) {
      onLoop(() -> taken.completeExceptionally(new IllegalStateException("there is no mesh")));
      return taken;
    }
    String list = batch.stream().map(EnvelopeJson::write).collect(Collectors.joining(",", "[", "]"));
    LinkPost.send(channels, peer, list).whenComplete((done, problem) -> onLoop(() -> {
      if (problem == null) {
        taken.complete(null);
      } else {
        taken.completeExceptionally(problem);
      }
    }));
    return taken;
  }

  @Override
  public void overBrokers(Outbox.Pending pending) {
    List<BrokerClient> usable = brokers.stream().filter(broker -> !broker.isDown()).toList();
    if (usable.isEmpty()) {
      pending.fail(brokers.isEmpty()
          ? Reason.of("no_broker", "there is no link, and no broker in the section signaling")
          : problem(brokers.get(0)));
      return;
    }
    AtomicInteger left = new AtomicInteger(usable.size());
    AtomicBoolean clock = new AtomicBoolean();
    for (BrokerClient broker : usable) {
      broker.publish(pending.envelope(), pending.sent()).whenComplete((done, problem) -> {
        if (problem == null) {
          pending.sent().complete(broker.url());
        } else {
          Reason reason = problem instanceof SignalNotSent not ? not.reason() : Reason.of("unreachable");
          clock.compareAndSet(false, reason.code().equals("clock_skew"));
          if (left.decrementAndGet() == 0) {
            pending.fail(clock.get() ? Reason.of("clock_skew", reason.detail()) : reason);
          }
        }
      });
    }
  }

  private static Reason problem(BrokerClient broker) {
    Reason problem = broker.state().problem();
    return problem == null ? Reason.of("unreachable") : problem;
  }

  @Override
  public void close() {
    closed = true;
    onLoop(() -> {
      brokers.forEach(BrokerClient::close);
      outboxes.values().forEach(outbox -> outbox.close(Reason.of("cancelled", "this node stops")));
    });
  }
}
