package io.weft.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.weft.channel.ChannelOutcome;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One flow that a peer opened, and its socket, all on the channel's loop. The socket keeps its port as long as the flow lives; a target
 * that is not there is counted and does not end the flow, because it may come back.
 */
final class TargetFlow extends ChannelInboundHandlerAdapter implements RawChannelHandler, Cuttable {

  private static final Logger log = LoggerFactory.getLogger(TargetFlow.class);

  private final Tools tools;
  private final Traffic traffic;
  private final RawChannel channel;
  private final InetSocketAddress target;
  private final List<InetSocketAddress> sources;
  private @Nullable UdpSocket udp;
  private long lastNanos;
  private boolean taken;
  private boolean ended;
  private boolean flushWaits;
  private Registration timer = () -> {};

  TargetFlow(Tools tools, Traffic traffic, RawChannel channel, InetSocketAddress target, List<InetSocketAddress> sources) {
    this.tools = tools;
    this.traffic = traffic;
    this.channel = channel;
    this.target = target;
    this.sources = sources;
  }

  void start() {
    lastNanos = tools.clock().nanos();
    if (!traffic.add(this)) {
      refuse(ChannelOutcome.unknown_service, "");
      return;
    }
    try {
      UdpSocket fresh = tools.sockets().udp();
      udp = fresh;
      fresh.channel().pipeline().addLast(this);
      channel.loop().register(fresh.channel());
      bind(fresh, 0);
    } catch (RuntimeException e) {
      log.warn("service cannot reach its target target={} problem=\"{}\"", LocalAddress.text(target), e.getMessage());
      refuse(ChannelOutcome.limit, "no socket");
    }
  }

  private void bind(UdpSocket socket, int attempt) {
    if (attempt == sources.size()) {
      connect(socket);
      return;
    }
    socket.channel().bind(sources.get(attempt)).addListener(f -> {
      if (f.isSuccess()) {
        connect(socket);
      } else {
        tools.counters().add("flows_source_port_changed");
        bind(socket, attempt + 1);
      }
    });
  }

  private void connect(UdpSocket socket) {
    socket.channel().connect(target).addListener(f -> {
      if (ended) {
        return;
      }
      if (f.isSuccess()) {
        taken = true;
        tools.counters().add("targets_connected");
        channel.accept();
        wake(tools.limits().get().udpIdle());
      } else {
        refuse(ChannelOutcome.target_dead, "cannot send to it");
      }
    });
  }

  private void refuse(ChannelOutcome outcome, String detail) {
    if (!ended) {
      tools.counters().add("targets_refused_" + outcome);
      log.debug("service refused service={} peer={} outcome={} detail=\"{}\"", channel.service(), channel.peer().name(), outcome, detail);
      channel.refuse(outcome, detail);
      release();
    }
  }

  // From the channel to the target.

  @Override
  public void datagram(RawChannel from, ByteBuf payload) {
    lastNanos = tools.clock().nanos();
    UdpSocket to = udp;
    if (ended || to == null || !to.channel().isWritable()) {
      tools.counters().add("datagrams_dropped_socket_full");
      payload.release();
    } else if (payload.isReadable()) {
      to.channel().write(payload, to.channel().voidPromise());
      if (!flushWaits) {
        flushWaits = true; // once per turn of the loop
        channel.loop().execute(() -> {
          flushWaits = false;
          to.channel().flush();
        });
      }
    } else {
      payload.release();
      to.channel().flush(); // keep the order
      if (!to.sendEmpty(target)) {
        tools.counters().add("datagrams_dropped_empty");
      }
    }
  }

  @Override
  public void data(RawChannel from, ByteBuf bytes) {
    bytes.release(); // a flow carries datagrams only
  }

  @Override
  public void finished(RawChannel from) {
    end(Reason.of("finished"));
  }

  @Override
  public void writable(RawChannel to) {
    // Datagrams are sent or dropped, never kept back.
  }

  @Override
  public void closed(RawChannel from, @Nullable Reason reason) {
    release();
  }

  @Override
  public void cut(Reason reason) {
    channel.loop().execute(() -> end(reason));
  }

  // From the target to the channel.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    if (ended || !taken) {
      packet.release();
      return;
    }
    lastNanos = tools.clock().nanos();
    channel.sendDatagram(Datagrams.own(packet));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    tools.counters().add(cause instanceof PortUnreachableException ? "datagrams_failed_target_dead" : "datagrams_failed");
    log.debug("service datagram failed service={} target={}", channel.service(), LocalAddress.text(target), cause);
  }

  private void wake(Duration after) {
    timer = tools.timers().after(after, channel.loop(), this::checkIdle);
  }

  private void checkIdle() {
    Duration idle = Duration.ofNanos(tools.clock().nanos() - lastNanos);
    Duration most = tools.limits().get().udpIdle();
    if (idle.compareTo(most) >= 0) {
      end(Reason.of("idle"));
    } else if (!ended) {
      wake(most.minus(idle));
    }
  }

  private void end(Reason reason) {
    if (!ended) {
      if (taken) {
        channel.abort(reason);
      } else {
        channel.refuse(ChannelOutcome.cancelled, reason.code());
      }
      release();
    }
  }

  private void release() {
    if (ended) {
      return;
    }
    ended = true;
    timer.close();
    UdpSocket last = udp;
    if (last == null) {
      traffic.remove(this);
    } else {
      last.channel().close().addListener(f -> traffic.remove(this));
    }
  }
}
