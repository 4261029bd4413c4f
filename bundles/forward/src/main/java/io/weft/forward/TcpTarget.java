package io.weft.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.SocketChannel;
import io.weft.channel.ChannelOutcome;
import io.weft.node.Reason;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import io.weft.transport.RawChannels;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects each channel that a peer opened to the target; the peer hears whether that worked before a byte goes anywhere. */
final class TcpTarget implements RawChannels.Acceptor {

  private static final Logger log = LoggerFactory.getLogger(TcpTarget.class);

  /** For channels that were turned down at once. */
  static final RawChannelHandler REFUSED = new RawChannelHandler() {
    @Override
    public void data(RawChannel channel, ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void finished(RawChannel channel) {}

    @Override
    public void writable(RawChannel channel) {}

    @Override
    public void closed(RawChannel channel, @Nullable Reason reason) {}
  };

  private final Tools tools;
  private final Traffic traffic;
  private final InetSocketAddress target;

  TcpTarget(Tools tools, Traffic traffic, InetSocketAddress target) {
    this.tools = tools;
    this.traffic = traffic;
    this.target = target;
  }

  /** A connection of the last version is ours from here on. On its loop. */
  void inherit(Moving moving, boolean wanted) {
    tools.census().admit();
    Splice[] splice = new Splice[1];
    splice[0] = new Splice(moving.socket(), () -> ended(splice[0]));
    boolean added = traffic.add(splice[0]);
    splice[0].goOn(moving);
    if (!added) {
      tools.census().leave();
    }
    if (!added || !wanted) {
      splice[0].cut(Reason.of("forward_removed"));
    }
  }

  private void ended(Splice splice) {
    if (traffic.remove(splice)) {
      tools.census().leave();
    }
  }

  @Override
  public RawChannelHandler offered(RawChannel channel) {
    if (!tools.census().enter(tools.limits().get().connectionsMax())) {
      boolean leaving = tools.census().isLeaving();
      refuse(channel, leaving ? ChannelOutcome.leaving : ChannelOutcome.limit, leaving ? "" : "too many connections");
      return REFUSED;
    }
    SocketChannel socket;
    try {
      socket = tools.sockets().tcp((int) tools.limits().get().connectTimeout().toMillis());
    } catch (RuntimeException e) {
      tools.census().leave();
      log.warn("service cannot connect target={} problem=\"{}\"", LocalAddress.text(target), e.getMessage());
      refuse(channel, ChannelOutcome.limit, "no socket");
      return REFUSED;
    }
    return connect(channel, socket);
  }

  private Splice connect(RawChannel channel, SocketChannel socket) {
    Splice[] self = new Splice[1];
    Splice splice = new Splice(socket, () -> ended(self[0]));
    self[0] = splice;
    splice.joinTarget(channel);
    if (!traffic.add(splice)) {
      tools.census().leave();
      socket.unsafe().closeForcibly();
      refuse(channel, ChannelOutcome.unknown_service, "");
      return splice;
    }
    channel.loop().register(socket);
    socket.connect(target).addListener(f -> {
      if (f.isSuccess()) {
        if (splice.connected()) {
          tools.counters().add("targets_connected");
        }
      } else {
        if (splice.unconnected()) {
          refuse(channel, ChannelOutcome.target_dead, why(f.cause()));
        }
        ended(splice);
      }
    });
    return splice;
  }

  private void refuse(RawChannel channel, ChannelOutcome outcome, String detail) {
    tools.counters().add("targets_refused_" + outcome);
    log.debug("service refused service={} peer={} outcome={} detail=\"{}\"", channel.service(), channel.peer().name(), outcome, detail);
    channel.refuse(outcome, detail);
  }

  /** Short, and without addresses of this side, which are not the peer's business. */
  private static String why(Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return "no answer in time";
    }
    return cause instanceof ConnectException ? "connection refused" : "cannot connect";
  }
}
