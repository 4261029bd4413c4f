package io.weft.relay.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import io.weft.node.Listener;
import io.weft.relay.RelayAllocation;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A relay with its sockets. Closed for good; another configuration is another one. */
final class BoundRelay {

  /** Connections beside those that have an allocation. */
  private static final int CONNECTIONS_SPARE = 256;

  private static final int BACKLOG = 256;
  private static final WriteBufferWaterMark WRITE_MARKS = new WriteBufferWaterMark(512 << 10, 1 << 20);

  private final Core core;
  private final Plan plan;
  private final EventLoop loop;
  private final @Nullable SslContext tls;
  private final Bindings bindings;
  private final List<Channel> sockets = new CopyOnWriteArrayList<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final java.util.Set<Channel> connections = java.util.concurrent.ConcurrentHashMap.newKeySet();
  private final AtomicInteger connected = new AtomicInteger();

  BoundRelay(Core core, Plan plan, EventLoop loop, @Nullable SslContext tls) {
    this.core = core;
    this.plan = plan;
    this.loop = loop;
    this.tls = tls;
    this.bindings = new Bindings(core.counters(), core.strangers());
  }

  Core core() {
    return core;
  }

  Plan plan() {
    return plan;
  }

  /** Binds every socket; fails if one cannot be, and then none is. */
  CompletableFuture<Void> bind() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    InetSocketAddress first = plan.listen();
    InetSocketAddress second = plan.alternate();
    all.add(udp(first, 0, 0));
    if (second != null) {
      all.add(udp(new InetSocketAddress(first.getAddress(), second.getPort()), 0, 1));
      all.add(udp(new InetSocketAddress(second.getAddress(), first.getPort()), 1, 0));
      all.add(udp(second, 1, 1));
    }
    all.add(tcp(first, null));
    if (plan.tls() != null) {
      all.add(tcp(plan.tls(), tls));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> udp(InetSocketAddress to, int ip, int port) {
    ChannelFuture binding = Segments.bootstrap(core.io()).group(loop).handler(new UdpFront(core, bindings)).bind(to);
    bindings.socket(ip, port, binding.channel());
    return done(binding, to, "udp", "relay");
  }

  private CompletableFuture<Void> tcp(InetSocketAddress to, @Nullable SslContext security) {
    ServerBootstrap bootstrap = new ServerBootstrap()
        .group(core.io().loops())
        .channel(core.io().tcpServer())
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
        .childHandler(new Connections(security));
    return done(bootstrap.bind(to), to, "tcp", security == null ? "relay" : "relay-tls");
  }

  private CompletableFuture<Void> done(ChannelFuture binding, InetSocketAddress to, String protocol, String role) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    sockets.add(binding.channel());
    binding.addListener(bound -> {
      if (bound.isSuccess()) {
        listeners.add(new Listener(Text.of((InetSocketAddress) binding.channel().localAddress()), protocol, role));
        done.complete(null);
      } else {
        done.completeExceptionally(new java.io.IOException("cannot bind " + protocol.toUpperCase(java.util.Locale.ROOT) + " " + Text.of(to) + ": "
            + bound.cause().getMessage(), bound.cause()));
      }
    });
    return done;
  }

  /** What every connection begins with. */
  private final class Connections extends ChannelInitializer<Channel> {

    private final @Nullable SslContext security;

    Connections(@Nullable SslContext security) {
      this.security = security;
    }

    @Override
    protected void initChannel(Channel channel) {
      if (connected.incrementAndGet() > core.limits().get().allocationsMax() + CONNECTIONS_SPARE) {
        connected.decrementAndGet();
        core.counters().add(Count.CONNECTIONS_REFUSED);
        channel.close();
        return;
      }
      connections.add(channel);
      channel.closeFuture().addListener(closed -> {
        connections.remove(channel);
        connected.decrementAndGet();
      });
      if (security != null) {
        channel.pipeline().addLast(security.newHandler(channel.alloc()));
      }
      channel.pipeline().addLast(new TcpFront(core, bindings, security == null ? "tcp" : "tls"));
    }
  }

  List<Listener> listeners() {
    return listeners.stream().sorted(Comparator.comparing(Listener::address).thenComparing(Listener::protocol)).toList();
  }

  List<RelayAllocation> allocations() {
    return core.lent().values().stream().map(Allocation::info).sorted(Comparator.comparing(RelayAllocation::since)).toList();
  }

  /** Ends everything; completes when all sockets are gone. */
  CompletableFuture<Void> close() {
    listeners.clear();
    core.reservations().close();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    sockets.forEach(socket -> all.add(closed(socket)));
    connections.forEach(connection -> all.add(closed(connection)));
    core.lent().values().forEach(allocation -> all.add(closed(allocation.socket())));
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  private static CompletableFuture<Void> closed(Channel channel) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    channel.close();
    channel.closeFuture().addListener(closed -> done.complete(null));
    return done;
  }
}
