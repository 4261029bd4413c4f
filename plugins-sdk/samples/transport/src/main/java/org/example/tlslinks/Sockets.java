package org.example.tlslinks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.transport.Io;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sockets, on the loops of the node: those that listen, those that call, and those that have not proved who they are. */
final class Sockets {

  /** What waits to be sent on a connection before its streams are told to wait. */
  private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 << 10, 1 << 20);
  /** Connections that came in and have not proved who they are. */
  private static final int STRANGERS_MAX = 128;
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final Io io;
  private final Timers timers;
  private final Consumer<Channel> arrived;
  private final Set<Channel> greeting = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<InetSocketAddress> bound = new CompletableFuture<>();
  // Guarded by this.
  private @Nullable Channel server;
  private Registration again = () -> {};
  private boolean closed;
  private volatile String problem = "";

  /** @param arrived gets each connection that comes in, on its loop */
  Sockets(Io io, Timers timers, Consumer<Channel> arrived) {
    this.io = io;
    this.timers = timers;
    this.arrived = arrived;
  }

  CompletableFuture<InetSocketAddress> bound() {
    return bound.copy();
  }

  /** Why it does not listen; empty if it does, or need not. */
  String problem() {
    return problem;
  }

  /** Until it works: the one that was here before may still hold the port. */
  synchronized void listen(InetSocketAddress address) {
    if (closed) {
      return;
    }
    ChannelFuture binding = new ServerBootstrap().group(io.loops()).channel(io.tcpServer())
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .childHandler(new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            came(channel);
          }
        })
        .bind(address);
    server = binding.channel();
    binding.addListener(done -> {
      if (done.isSuccess()) {
        problem = "";
        bound.complete((InetSocketAddress) binding.channel().localAddress());
      } else {
        problem = "cannot listen at " + address + " (" + done.cause().getClass().getSimpleName() + "); free the port, or correct tls-links";
        retry(address);
      }
    });
  }

  private synchronized void retry(InetSocketAddress address) {
    long jitter = ThreadLocalRandom.current().nextLong(AGAIN.toMillis() / 10);
    again = closed ? again : timers.after(AGAIN.plusMillis(jitter), Runnable::run, () -> listen(address));
  }

  private void came(Channel channel) {
    if (greeting.size() >= STRANGERS_MAX) {
      channel.close();
    } else {
      arrived.accept(channel);
    }
  }

  /** Lets one that came in prove who it is, for so long. */
  Registration greet(Channel channel, SslHandler tls, Greeting handler, Duration most) {
    greeting.add(channel);
    channel.closeFuture().addListener(gone -> greeting.remove(channel));
    channel.pipeline().addLast(tls, Frames.decoder()).addLast("greeting", handler);
    return timers.after(most, channel.eventLoop(), () -> {
      if (channel.pipeline().get("greeting") != null) {
        handler.fail(channel.pipeline().context("greeting"), Reason.of("unreachable", "it said nothing"));
      }
    });
  }

  /** One that came in has proved it. */
  void greeted(Channel channel) {
    greeting.remove(channel);
  }

  ChannelFuture connect(InetSocketAddress to, SslHandler tls, Greeting handler) {
    return new Bootstrap().group(io.loops()).channel(io.tcp())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .handler(new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            channel.pipeline().addLast(tls, Frames.decoder()).addLast("greeting", handler);
          }
        })
        .connect(to);
  }

  synchronized void close() {
    closed = true;
    again.close();
    if (server != null) {
      server.close();
    }
    greeting.forEach(Channel::close);
  }
}
