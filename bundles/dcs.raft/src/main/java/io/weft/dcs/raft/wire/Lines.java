package io.weft.dcs.raft.wire;

import io.weft.channel.Fabric;
import io.weft.node.Clock;
import io.weft.node.Timers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** Calls to other nodes. Any thread; nothing blocks. */
public final class Lines implements AutoCloseable {

  private record Key(String peer, Traffic traffic) {}

  private final String service;
  private final Fabric fabric;
  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final Map<Key, Line> lines = new ConcurrentHashMap<>();

  /** @param executor completes the calls */
  public Lines(String service, Fabric fabric, Clock clock, Timers timers, Executor executor) {
    this.service = service;
    this.fabric = fabric;
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
  }

  /** Completes with the answer, or with {@link CallFailed}, within {@code most} or a little later. */
  public CompletableFuture<byte[]> call(String peer, Traffic traffic, int type, byte[] payload, Duration most) {
    return lines.computeIfAbsent(new Key(peer, traffic),
        key -> new Line(peer, service, traffic, fabric, clock, timers, executor)).call(type, payload, most);
  }

  @Override
  public void close() {
    lines.values().forEach(Line::close);
  }
}
