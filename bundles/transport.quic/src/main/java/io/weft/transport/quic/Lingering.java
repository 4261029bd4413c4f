package io.weft.transport.quic;

import io.netty.util.collection.LongObjectMap;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/** Routes of connections that are over, whose peers may not have heard of it. On the loop. */
final class Lingering {

  private static final Duration LONG = Duration.ofSeconds(3);
  private static final int MAX = 256;

  private final Timers timers;
  private final LongObjectMap<Route> routes;
  private final Map<Route, Registration> waiting = new HashMap<>();

  /** @param routes where they are taken out when their time has come */
  Lingering(Timers timers, LongObjectMap<Route> routes) {
    this.timers = timers;
    this.routes = routes;
  }

  /** At once if there is nothing to say, or too many linger. */
  void add(Route route, Executor loop) {
    if (!route.hasFarewell() || waiting.size() >= MAX) {
      route.release(routes);
      return;
    }
    waiting.put(route, timers.after(LONG, loop, () -> {
      waiting.remove(route);
      route.release(routes);
    }));
  }

  boolean has(Route route) {
    return waiting.containsKey(route);
  }

  void clear() {
    waiting.values().forEach(Registration::close);
    waiting.clear();
  }
}
