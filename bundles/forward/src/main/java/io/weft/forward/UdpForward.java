package io.weft.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.weft.node.Reason;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One UDP socket; each address that sends to it has a flow of its own, and gets its answers from the same socket. */
final class UdpForward extends LocalForward {

  private static final Logger log = LoggerFactory.getLogger(UdpForward.class);

  private final Map<InetSocketAddress, LocalFlow> flows = new HashMap<>(); // the loop's alone
  private final AtomicBoolean flushWaits = new AtomicBoolean();
  private volatile @Nullable UdpSocket udp;

  UdpForward(Tools tools, LocalSpec spec, EventLoop loop) {
    super(tools, spec, loop);
  }

  @Override
  protected Channel newSocket() {
    UdpSocket fresh = tools.sockets().udp();
    fresh.channel().pipeline().addLast(new Receiving());
    udp = fresh;
    return fresh.channel();
  }

  @Override
  protected void unbound() {
    udp = null;
    List.copyOf(flows.values()).forEach(flow -> flow.cut(Reason.of("forward_moved")));
  }

  /** Flows end with their version. */
  @Override
  protected void inherit(Moving moving) {
    throw new IllegalStateException("a flow of datagrams does not move");
  }

  @Override
  Left leave() {
    return Left.ofUdp(this::stopListening, traffic);
  }

  EventLoop loop() {
    return loop;
  }

  Tools tools() {
    return tools;
  }

  /** On the loop. */
  void ended(LocalFlow flow) {
    flows.remove(flow.app(), flow);
    traffic.remove(flow);
  }

  /** Takes over the payload. Any thread. */
  void toApp(ByteBuf payload, InetSocketAddress app) {
    UdpSocket to = udp;
    if (to == null || !to.channel().isWritable()) {
      payload.release();
      tools.counters().add("datagrams_dropped_socket_full");
    } else if (payload.isReadable()) {
      to.channel().write(new DatagramPacket(payload, app), to.channel().voidPromise());
      if (flushWaits.compareAndSet(false, true)) {
        loop.execute(() -> { // once per turn of the loop
          flushWaits.set(false);
          to.channel().flush();
        });
      }
    } else {
      payload.release();
      loop.execute(() -> {
        to.channel().flush(); // keep the order
        if (!to.sendEmpty(app)) {
          tools.counters().add("datagrams_dropped_empty");
        }
      });
    }
  }

  private void fromApp(DatagramPacket packet) {
    LocalFlow flow = flows.get(packet.sender());
    if (flow == null) {
      if (tools.census().isLeaving()) {
        tools.counters().add("datagrams_dropped_leaving");
        packet.release();
        return;
      }
      if (flows.size() >= tools.limits().get().udpFlowsMax()) {
        evict();
      }
      flow = new LocalFlow(this, spec.route(), packet.sender());
      if (!traffic.add(flow)) {
        packet.release();
        return;
      }
      flows.put(packet.sender(), flow);
      flow.open();
    }
    flow.fromApp(Datagrams.own(packet));
  }

  /** Ends the flow that was idle longest. */
  private void evict() {
    LocalFlow oldest = null;
    for (LocalFlow flow : flows.values()) {
      if (oldest == null || flow.lastNanos() - oldest.lastNanos() < 0) {
        oldest = flow;
      }
    }
    if (oldest != null) {
      tools.counters().add("flows_evicted");
      oldest.end(Reason.of("evicted"));
    }
  }

  private final class Receiving extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      fromApp((DatagramPacket) message);
    }

    /** The socket goes on: errors here are those of single datagrams. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      tools.counters().add("datagrams_failed");
      log.debug("forward datagram failed address={}", spec.text(), cause);
    }
  }
}
