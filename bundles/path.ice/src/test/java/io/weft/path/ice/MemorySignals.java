package io.weft.path.ice;

import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.signaling.Broker;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalNotSent;
import io.weft.signaling.Signaling;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** A broker in memory: hands signals over at once, or refuses while it is down. */
final class MemorySignals {

  private final Map<PeerIdentity, BiConsumer<PeerIdentity, Signal>> receivers = new ConcurrentHashMap<>();
  private volatile boolean down;

  void down(boolean now) {
    down = now;
  }

  void join(PeerIdentity self, BiConsumer<PeerIdentity, Signal> receiver) {
    receivers.put(self, receiver);
  }

  Signaling of(PeerIdentity self) {
    return (Signaling) Proxy.newProxyInstance(Signaling.class.getClassLoader(), new Class<?>[] {Signaling.class}, (proxy, method, args) ->
        switch (method.getName()) {
          case "reaches" -> !down;
          case "send" -> send(self, (PeerIdentity) args[0], (Signal) args[1]);
          case "renew" -> null;
          case "brokers" -> List.of(new Broker("memory", !down, null, null));
          case "counters" -> Map.of();
          default -> throw new UnsupportedOperationException(method.getName());
        });
  }

  private CompletableFuture<String> send(PeerIdentity from, PeerIdentity to, Signal signal) {
    BiConsumer<PeerIdentity, Signal> receiver = receivers.get(to);
    if (down || receiver == null) {
      return CompletableFuture.failedFuture(new SignalNotSent(Reason.of("unreachable")));
    }
    receiver.accept(from, signal);
    return CompletableFuture.completedFuture("memory");
  }
}
