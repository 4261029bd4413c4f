package io.weft.signaling.client;

import io.weft.directory.Peer;
import io.weft.node.Clock;
import io.weft.node.PeerIdentity;
import io.weft.node.Timers;
import io.weft.signaling.Broker;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalNotSent;
import io.weft.signaling.SignalType;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeDirectory;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The signalling of one node, and what it got. */
final class Station implements AutoCloseable {

  static final Duration SOON = Duration.ofSeconds(15);

  final FakeIdentity identity;
  final FakeDirectory directory = new FakeDirectory();
  final RoutedSignaling signaling;
  final List<String> got = new CopyOnWriteArrayList<>();

  Station(String name, Clock clock, Timers timers, String... brokers) {
    this(name, clock, timers, Map.of("brokers", brokers));
  }

  Station(String name, Clock clock, Timers timers, Map<String, Object> config) {
    identity = new FakeIdentity("demo", name);
    signaling = new RoutedSignaling(FakeConfig.of(ClientConfig.class, config),
        new FakeNode(identity, "demo", 1), identity, clock, timers);
    signaling.directory = directory;
  }

  Station knows(String... peers) {
    directory.say(Stream.of(peers)
        .map(peer -> new Peer(new FakeIdentity("demo", peer).self(), List.of(), Map.of(), List.of("test")))
        .toArray(Peer[]::new));
    return this;
  }

  Station listens() {
    signaling.addReceiver((from, signal, via) -> got.add(from.name() + " " + signal.type() + signal.attempt() + " "
        + new String(signal.data(), StandardCharsets.UTF_8) + " via " + (via.equals("link") ? "link" : "broker")));
    return this;
  }

  CompletableFuture<String> send(String to, SignalType type, long attempt, String data) {
    return signaling.send(peer(to), new Signal(type, attempt, data.getBytes(StandardCharsets.UTF_8)));
  }

  static PeerIdentity peer(String name) {
    return new FakeIdentity("demo", name).self();
  }

  /** The code with which it failed, or the way that it went. */
  static String outcome(CompletableFuture<String> sent) throws InterruptedException, TimeoutException {
    try {
      return sent.get(SOON.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return ((SignalNotSent) e.getCause()).reason().code();
    }
  }

  Broker broker(int index) {
    return signaling.brokers().get(index);
  }

  void awaitGot(int count) {
    Await.until(count + " signals, of which there are " + got, SOON, () -> got.size() >= count);
  }

  @Override
  public void close() {
    signaling.close();
  }
}
