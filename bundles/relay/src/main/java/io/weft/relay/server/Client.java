package io.weft.relay.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Who asks: an address on one of the sockets, or a connection. Everything on its loop. */
interface Client {

  InetSocketAddress address();

  /** {@code udp}, {@code tcp} or {@code tls}. */
  String protocol();

  EventLoop loop();

  /** Whether an answer could still reach it. */
  boolean isThere();

  /** What was allocated for it, if anything. */
  @Nullable Allocation allocation();

  /** Sets or, with null, forgets the allocation. */
  void allocation(@Nullable Allocation allocation);

  /** Sends a message, or drops it. Takes over the buffer. */
  void send(ByteBuf message);

  /** Sends data in the frame of a channel, or drops it. The buffer stays the caller's. */
  void frame(int channel, ByteBuf data);

  /** After some of these. */
  void flush();
}
