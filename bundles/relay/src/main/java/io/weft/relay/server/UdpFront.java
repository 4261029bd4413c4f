package io.weft.relay.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.weft.support.stun.ChannelData;
import io.weft.support.stun.MalformedStun;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The UDP socket that clients ask. Remembers those that have an allocation, nobody else. */
final class UdpFront extends ChannelInboundHandlerAdapter {

  private static final Logger log = LoggerFactory.getLogger(UdpFront.class);

  private final Core core;
  private final Requests requests;
  private final Bindings bindings;
  private final Map<InetSocketAddress, Allocation> allocations = new HashMap<>();
  private @Nullable Channel channel;
  private @Nullable InetSocketAddress lastSender;
  private @Nullable Allocation last;
  private @Nullable Allocation dirty;
  private long now;
  private boolean nowKnown;

  UdpFront(Core core, Bindings bindings) {
    this.core = core;
    this.requests = new Requests(core);
    this.bindings = bindings;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    DatagramPacket packet = (DatagramPacket) msg;
    try {
      if (!nowKnown) {
        nowKnown = true;
        now = core.clock().nanos();
      }
      if (ChannelData.looksLike(packet.content())) {
        data(packet.content(), packet.sender());
      } else if (packet.sender().getPort() != 0) {
        message(StunMessage.decode(packet.content()), packet.sender());
      }
    } catch (MalformedStun e) {
      core.counters().add(Count.DROPPED_MALFORMED);
    } finally {
      packet.release();
    }
  }

  private void data(ByteBuf frame, InetSocketAddress from) {
    Allocation allocation = allocationOf(from);
    int length = ChannelData.length(frame);
    if (allocation == null) {
      core.counters().add(Count.DROPPED_NO_ALLOCATION);
    } else if (length == ChannelData.MALFORMED) {
      core.counters().add(Count.DROPPED_MALFORMED);
    } else {
      if (dirty != allocation) {
        flush();
        dirty = allocation;
      }
      int channelNumber = ChannelData.channel(frame);
      // What was sent may be padded.
      frame.skipBytes(ChannelData.HEADER).writerIndex(frame.readerIndex() + length);
      allocation.fromClient(channelNumber, frame, now);
    }
  }

  /** Packets of one client mostly come one after another. */
  private @Nullable Allocation allocationOf(InetSocketAddress from) {
    if (!from.equals(lastSender)) {
      lastSender = from;
      last = allocations.get(from);
    }
    return last;
  }

  private void message(StunMessage message, InetSocketAddress from) {
    if (message.is(Kind.request, Stun.BINDING)) {
      bindings.answer(message, from, channel, now);
    } else {
      requests.handle(message, new UdpClient(from), now);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    nowKnown = false;
    flush();
    ctx.flush();
  }

  private void flush() {
    if (dirty != null) {
      dirty.flush();
      dirty = null;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    List.copyOf(allocations.values()).forEach(Allocation::close);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // Such as an ICMP answer to an earlier packet: says nothing about the port.
    log.debug("relay port error", cause);
  }

  /** A sender of packets; the one that an allocation was made for lives as long as that. */
  private final class UdpClient implements Client {

    private final InetSocketAddress address;
    private final Batch frames;

    UdpClient(InetSocketAddress address) {
      this.address = address;
      this.frames = new Batch(channel, address, Segments.of(core.io()), core.counters());
    }

    @Override
    public InetSocketAddress address() {
      return address;
    }

    @Override
    public String protocol() {
      return "udp";
    }

    @Override
    public EventLoop loop() {
      return channel.eventLoop();
    }

    @Override
    public boolean isThere() {
      return channel.isActive();
    }

    /** Not kept here: another packet of the same sender may have made it meanwhile. */
    @Override
    public @Nullable Allocation allocation() {
      return allocations.get(address);
    }

    @Override
    public void allocation(@Nullable Allocation now) {
      lastSender = null;
      last = null;
      if (now == null) {
        frames.discard();
        allocations.remove(address);
      } else {
        allocations.put(address, now);
      }
    }

    @Override
    public void send(ByteBuf message) {
      if (channel.isWritable()) {
        channel.write(new DatagramPacket(message, address));
      } else {
        message.release();
        core.counters().add(Count.DROPPED_NOT_WRITABLE);
      }
    }

    @Override
    public void frame(int number, ByteBuf data) {
      frames.add(data, number);
    }

    @Override
    public void flush() {
      frames.write();
      channel.flush();
    }
  }
}
