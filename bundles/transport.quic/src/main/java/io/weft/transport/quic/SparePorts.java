package io.weft.transport.quic;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.weft.path.Conduit;
import io.weft.path.FreshPort;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The further sockets of this node. They outlive a change of the port, but no conduit that they were opened for. */
final class SparePorts {

  static final int MAX = 8;

  private final LinkContext context;
  private final UdpSocket socket;
  private final Conduits conduits;
  private final Supplier<@Nullable InetSocketAddress> main;
  private final ChannelFutureListener unsent;
  private final Set<SparePort> open = new CopyOnWriteArraySet<>();
  private boolean ended;

  /** @param main where the port is bound now, if it is */
  SparePorts(LinkContext context, UdpSocket socket, Conduits conduits, Supplier<@Nullable InetSocketAddress> main) {
    this.context = context;
    this.socket = socket;
    this.conduits = conduits;
    this.main = main;
    this.unsent =
        sent -> {
          if (!sent.isSuccess()) {
            context.counters().add(Counters.PACKETS_UNSENT);
          }
        };
  }

  EventLoop loop() {
    return context.loop();
  }

  Counters counters() {
    return context.counters();
  }

  UdpSocket socket() {
    return socket;
  }

  ChannelFutureListener unsent() {
    return unsent;
  }

  @Nullable PacketMux mux() {
    return conduits.mux();
  }

  Conduit conduit() {
    return conduits.open();
  }

  /** Any thread. */
  CompletableFuture<FreshPort> open() {
    CompletableFuture<FreshPort> opened = new CompletableFuture<>();
    conduits.onLoop(() -> bind(opened));
    return opened;
  }

  private void bind(CompletableFuture<FreshPort> opened) {
    InetSocketAddress beside = main.get();
    if (ended || beside == null) {
      opened.completeExceptionally(new IllegalStateException("there is no UDP port now"));
      return;
    }
    if (open.size() >= MAX) {
      opened.completeExceptionally(new IllegalStateException("there are " + MAX + " further ports already"));
      return;
    }
    SparePort port = new SparePort(this);
    open.add(port);
    port.bind(socket, new InetSocketAddress(beside.getAddress(), 0)).addListener((ChannelFuture bound) -> {
      if (!bound.isSuccess()) {
        open.remove(port);
        opened.completeExceptionally(bound.cause());
      } else {
        port.bound((InetSocketAddress) bound.channel().localAddress());
        if (!open.contains(port) || !opened.complete(port)) {
          port.close();
        }
      }
    });
  }

  /** Where they are bound. Any thread. */
  List<InetSocketAddress> local() {
    return open.stream().flatMap(port -> port.local().stream()).toList();
  }

  void close(SparePort port) {
    conduits.onLoop(() -> {
      Channel channel = port.gate().channel();
      if (open.remove(port) && channel != null) {
        channel.close();
      }
    });
  }

  /** On the loop. */
  void end() {
    ended = true;
    List.copyOf(open).forEach(SparePort::close);
  }
}
