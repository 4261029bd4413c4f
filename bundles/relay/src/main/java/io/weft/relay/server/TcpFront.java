package io.weft.relay.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.weft.node.Registration;
import io.weft.support.stun.ChannelData;
import io.weft.support.stun.MalformedStun;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunStream;
import io.weft.support.stun.StunWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a client, plain or inside of TLS. Who has no allocation after a while is cut off. */
final class TcpFront extends ByteToMessageDecoder implements Client {

  static final Duration IDLE = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(TcpFront.class);

  private final Core core;
  private final Requests requests;
  private final Bindings bindings;
  private final String protocol;
  private @Nullable Channel channel;
  private @Nullable InetSocketAddress address;
  private @Nullable Allocation allocation;
  private Registration idle = () -> {};

  TcpFront(Core core, Bindings bindings, String protocol) {
    this.core = core;
    this.requests = new Requests(core);
    this.bindings = bindings;
    this.protocol = protocol;
    setCumulator(MERGE_CUMULATOR);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    address = (InetSocketAddress) channel.remoteAddress();
    startIdle();
  }

  private void startIdle() {
    idle.close();
    idle = core.timers().after(IDLE, channel.eventLoop(), channel::close);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    long now = core.clock().nanos();
    while (channel.isActive()) {
      int length;
      try {
        length = StunStream.length(in);
      } catch (MalformedStun e) {
        malformed(in);
        return;
      }
      if (length == StunStream.UNKNOWN || in.readableBytes() < length) {
        break;
      }
      one(in.readSlice(length), in, now);
    }
    if (allocation != null) {
      allocation.flush();
    }
  }

  private void one(ByteBuf frame, ByteBuf in, long now) {
    if (ChannelData.looksLike(frame)) {
      int number = ChannelData.channel(frame);
      int length = ChannelData.length(frame);
      if (allocation == null) {
        core.counters().add(Count.DROPPED_NO_ALLOCATION);
      } else {
        allocation.fromClient(number, frame.slice(frame.readerIndex() + ChannelData.HEADER, length), now);
      }
      return;
    }
    try {
      StunMessage message = StunMessage.decode(frame);
      if (message.is(Kind.request, Stun.BINDING)) {
        binding(message, now);
      } else {
        requests.handle(message, this, now);
      }
    } catch (MalformedStun e) {
      malformed(in);
    }
  }

  private void malformed(ByteBuf in) {
    core.counters().add(Count.DROPPED_MALFORMED);
    in.skipBytes(in.readableBytes());
    channel.close();
  }

  private void binding(StunMessage message, long now) {
    StunWriter answer = bindings.answer(message, address, (InetSocketAddress) channel.localAddress(), now);
    if (answer != null) {
      send((message.isFingerprinted() ? answer.fingerprint() : answer).finish());
      flush();
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    idle.close();
    if (allocation != null) {
      allocation.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("relay connection failed client={}", address, cause);
    ctx.close();
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public String protocol() {
    return protocol;
  }

  @Override
  public EventLoop loop() {
    return channel.eventLoop();
  }

  @Override
  public boolean isThere() {
    return channel.isActive();
  }

  @Override
  public @Nullable Allocation allocation() {
    return allocation;
  }

  @Override
  public void allocation(@Nullable Allocation now) {
    allocation = now;
    if (now == null) {
      startIdle();
    } else {
      idle.close();
    }
  }

  @Override
  public void send(ByteBuf message) {
    if (channel.isWritable()) {
      channel.write(message);
    } else {
      message.release();
      core.counters().add(Count.DROPPED_NOT_WRITABLE);
    }
  }

  @Override
  public void frame(int number, ByteBuf data) {
    if (!channel.isWritable()) {
      core.counters().add(Count.DROPPED_NOT_WRITABLE); // As the network would: what is behind it notices and slows down.
      return;
    }
    int length = data.readableBytes();
    int padding = ChannelData.padding(length);
    ByteBuf frame = channel.alloc().directBuffer(ChannelData.HEADER + length + padding);
    ChannelData.header(frame, number, length);
    frame.writeBytes(data, data.readerIndex(), length).writeZero(padding);
    channel.write(frame);
  }

  @Override
  public void flush() {
    channel.flush();
  }
}
