package io.weft.forward;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.weft.channel.ChannelOutcome;
import io.weft.node.Reason;
import io.weft.transport.RawChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts TCP connections and opens a channel for each. A connection is read only once its channel is open. */
final class TcpForward extends LocalForward {

  private static final Logger log = LoggerFactory.getLogger(TcpForward.class);
  private static final Duration ACCEPT_PAUSE = Duration.ofSeconds(1);

  TcpForward(Tools tools, LocalSpec spec, EventLoop loop) {
    super(tools, spec, loop);
  }

  @Override
  protected Channel newSocket() {
    ServerSocketChannel server = tools.sockets().tcpServer();
    server.pipeline().addLast(new Accepting());
    return server;
  }

  @Override
  protected void inherit(ServerSocketChannel server) {
    server.pipeline().addLast(new Accepting());
    server.config().setAutoRead(true);
  }

  @Override
  protected void inherit(Moving moving) {
    tools.census().admit();
    Splice splice = new Connection(moving.socket()).splice;
    boolean wanted = traffic.add(splice);
    splice.goOn(moving);
    if (!wanted) {
      splice.cut(Reason.of("forward_removed"));
      tools.census().leave();
    }
  }

  @Override
  Left leave() {
    return socket() instanceof ServerSocketChannel server ? Left.ofTcp(server, this::release, traffic) : Left.ofUdp(this::stopListening, traffic);
  }

  private void accepted(SocketChannel socket) {
    if (!tools.census().enter(tools.limits().get().connectionsMax())) {
      tools.counters().add("connections_refused_too_many");
      reset(socket);
      return;
    }
    Connection connection = new Connection(socket);
    if (traffic.add(connection.splice)) {
      connection.open();
    } else {
      tools.census().leave();
      reset(socket);
    }
  }

  private static void reset(SocketChannel unregistered) {
    unregistered.config().setSoLinger(0);
    unregistered.unsafe().closeForcibly();
  }

  private static String origin(SocketChannel socket) {
    InetSocketAddress remote = socket.remoteAddress();
    return remote == null ? "tcp:unknown" : "tcp:" + LocalAddress.text(remote);
  }

  /** From accepting to the open channel; then it is all the splice's. */
  private final class Connection implements Opening.Result {

    private final SocketChannel socket;
    private final Splice splice;

    Connection(SocketChannel socket) {
      this.socket = socket;
      this.splice = new Splice(socket, this::ended);
    }

    void open() {
      Opening opening = new Opening(tools, spec.route(), origin(socket), splice, this);
      splice.opening(opening::cancel);
      opening.start();
    }

    @Override
    public void opened(RawChannel channel) {
      tools.counters().add("connections_opened");
      splice.join(channel);
    }

    @Override
    public void refused(String peer, ChannelOutcome outcome, String detail) {
      tools.counters().add("connections_refused_" + outcome);
      log.debug("forward refused service={} peer={} outcome={} detail=\"{}\"", spec.route().service(), peer, outcome, detail);
      splice.refuse();
    }

    private void ended() {
      if (traffic.remove(splice)) {
        tools.census().leave();
      }
    }
  }

  /** Takes what the kernel accepted; Netty's own acceptor would register it with a loop before we know the right one. */
  private final class Accepting extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      SocketChannel socket = (SocketChannel) message;
      try {
        tools.sockets().prepare(socket);
      } catch (RuntimeException e) {
        log.debug("forward lost a connection while accepting it address={}", spec.text(), e);
        socket.unsafe().closeForcibly();
        return;
      }
      accepted(socket);
    }

    /** Accepting failed, as it does when the process has no descriptor left: trying at once would only burn the processor. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      log.warn("forward cannot accept address={} problem=\"{}\" pause_ms={}", spec.text(), cause.getMessage(), ACCEPT_PAUSE.toMillis());
      tools.counters().add("accept_failed");
      ctx.channel().config().setAutoRead(false);
      tools.timers().after(ACCEPT_PAUSE, loop, () -> ctx.channel().config().setAutoRead(true));
    }
  }
}
