package io.weft.relay.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.weft.support.udp.EpollReads;
import io.weft.transport.Io;

/** UDP sockets that give and take many packets in one call, where the platform can. */
final class Segments {

  /** The kernel takes 64; some of its drivers fewer bytes than that. */
  private static final int SEGMENTS_MAX = 48;

  private static final int SOCKET_BUFFER = 4 << 20;
  private static final int READ_SIZE = 65_536;
  private static final int READS_PER_TURN = 256;
  private static final WriteBufferWaterMark WRITE_MARKS = new WriteBufferWaterMark(2 << 20, 4 << 20);

  private Segments() {}

  /** How many packets may go to the kernel in one call. */
  static int of(Io io) {
    return io.epoll() && Epoll.offloads() ? SEGMENTS_MAX : 1;
  }

  static Bootstrap bootstrap(Io io) {
    Bootstrap bootstrap = new Bootstrap()
        .channel(io.udp())
        .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
        .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
        .option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_SIZE).maxMessagesPerRead(READS_PER_TURN));
    if (io.epoll()) {
      Epoll.receiveTogether(bootstrap);
    }
    return bootstrap;
  }

  /** Apart, so that a node without epoll's classes never meets them. */
  private static final class Epoll {

    static boolean offloads() {
      return EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    static void receiveTogether(Bootstrap bootstrap) {
      boolean mayJoin = offloads();
      if (mayJoin) {
        bootstrap.option(EpollChannelOption.UDP_GRO, true);
      }
      bootstrap
          .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, EpollReads.READ_SIZE)
          .option(ChannelOption.RCVBUF_ALLOCATOR, new EpollReads(READS_PER_TURN, mayJoin));
    }
  }
}
