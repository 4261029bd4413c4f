package io.weft.transport.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.weft.support.udp.EpollReads;
import io.weft.transport.Io;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How UDP sockets of this node are made, and what the platform does for them. */
record UdpSocket(Io io, EventLoop loop) {

  /** The largest packet that anybody may send. */
  static final int PACKET_MAX = 65_000;

  static final int BUFFER = 4 << 20;
  private static final int SEGMENTS = 20;
  private static final int READ_SIZE = 65_536;
  /** After so many, whatever else the loop has to do: more at once is cheaper for each, and a millisecond's work. */
  private static final int PACKETS_PER_TURN = 256;

  ChannelFuture bind(InetSocketAddress to, ChannelHandler handler) {
    return bind(to, handler, false);
  }

  /** @param shared whether another socket of this node, which was told so ({@link #share}), is bound to the same address */
  ChannelFuture bind(InetSocketAddress to, ChannelHandler handler, boolean shared) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(io.udp())
            .option(ChannelOption.SO_RCVBUF, BUFFER)
            .option(ChannelOption.SO_SNDBUF, BUFFER)
            .option(
                ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_SIZE).maxMessagesPerRead(PACKETS_PER_TURN))
            .handler(handler);
    return io.epoll() ? Epoll.bind(bootstrap, to, shared) : bootstrap.bind(to);
  }

  /** Whether two sockets of this node can be bound to one address. */
  boolean canShare() {
    return io.epoll();
  }

  /** Lets another socket be bound to the same address, or no more. Only at that moment: otherwise a second node would not see that it is taken. */
  void share(Channel channel, boolean may) {
    Epoll.share(channel, may);
  }

  /** How many packets of this size the kernel may be given in one call; 0 if it takes only single ones. */
  int segments(int packetSize) {
    return io.epoll() && Epoll.segments() ? Math.max(1, Math.min(SEGMENTS, PACKET_MAX / packetSize)) : 0;
  }

  static boolean sendable(int segmentSize, InetSocketAddress to) {
    return segmentSize > 0 && segmentSize <= PACKET_MAX && !to.isUnresolved() && !(to instanceof PortConduit.Address);
  }

  /** Takes packets of one size laid end to end apart into as few as the kernel takes. Takes over the buffer. */
  void split(ByteBuf packets, int segmentSize, InetSocketAddress to, Consumer<DatagramPacket> out) {
    int together = segmentSize * Math.max(1, segments(segmentSize));
    while (packets.readableBytes() > together) {
      out.accept(packet(packets.readRetainedSlice(together), segmentSize, to));
    }
    out.accept(packet(packets, segmentSize, to));
  }

  /** What is sent meanwhile goes so many hops at most, where the platform can say so. On the loop. */
  void near(@Nullable Channel channel, int hops, Runnable send) {
    if (channel == null || !io.epoll()) {
      send.run();
      return;
    }
    Epoll.hops(channel, hops);
    try {
      send.run();
    } finally {
      Epoll.hops(channel, Epoll.HOPS_DEFAULT);
    }
  }

  private static DatagramPacket packet(ByteBuf packets, int segmentSize, InetSocketAddress to) {
    return packets.readableBytes() > segmentSize
        ? new SegmentedDatagramPacket(packets, segmentSize, to)
        : new DatagramPacket(packets, to);
  }

  /** Apart, so that a node without epoll's classes never meets them. */
  private static final class Epoll {

    /** What stands for the default of the kernel. */
    static final int HOPS_DEFAULT = -1;

    private static final IntegerUnixChannelOption IP_TTL = new IntegerUnixChannelOption("IP_TTL", 0, 2);

    /** A socket of IPv6 takes it too, for IPv4. */
    static void hops(Channel channel, int hops) {
      channel.config().setOption(IP_TTL, hops);
    }

    static boolean segments() {
      return EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    static void share(Channel channel, boolean may) {
      channel.config().setOption(EpollChannelOption.SO_REUSEPORT, may);
    }

    static ChannelFuture bind(Bootstrap bootstrap, InetSocketAddress to, boolean shared) {
      if (shared) {
        bootstrap.option(EpollChannelOption.SO_REUSEPORT, true);
      }
      boolean mayJoin = segments();
      if (mayJoin) {
        bootstrap.option(EpollChannelOption.UDP_GRO, true);
      }
      EpollReads reads = new EpollReads(PACKETS_PER_TURN, mayJoin);
      ChannelFuture binding = bootstrap
          .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, EpollReads.READ_SIZE)
          .option(ChannelOption.RCVBUF_ALLOCATOR, reads)
          .bind(to);
      reads.keepMemory(binding.channel());
      return binding;
    }
  }
}
