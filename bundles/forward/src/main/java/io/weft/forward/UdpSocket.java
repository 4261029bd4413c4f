package io.weft.forward;

import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket of Netty that can also send empty datagrams, which Netty itself drops silently: it treats a write of no bytes as done. So
 * those go to the socket below it. Only the JDK does the same to them on a connected socket: with NIO, which is for machines that are
 * not Linux, empty datagrams do not reach targets.
 */
final class UdpSocket {

  /** The largest datagram of IPv4, and a little. */
  private static final int READ_BYTES = 64 * 1_024;

  private static final int READS_PER_TURN = 64;
  private static final int BUFFER_BYTES = 1_024 * 1_024;

  /** Without it Netty's epoll takes an empty datagram on a connected socket for "nothing there". Unknown to NIO, which ignores it. */
  private static final ChannelOption<Boolean> UDP_GRO = ChannelOption.valueOf("UDP_GRO");

  private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

  private final DatagramChannel channel;
  private final java.nio.channels.@Nullable DatagramChannel nio;

  private UdpSocket(DatagramChannel channel, java.nio.channels.@Nullable DatagramChannel nio) {
    this.channel = channel;
    this.nio = nio;
  }

  static UdpSocket of(Class<? extends DatagramChannel> type) {
    UdpSocket socket = NioDatagramChannel.class.isAssignableFrom(type) ? nio() : new UdpSocket(new ReflectiveChannelFactory<>(type).newChannel(), null);
    socket.channel.config().setOption(UDP_GRO, true);
    socket.channel.config().setReceiveBufferSize(BUFFER_BYTES);
    socket.channel.config().setSendBufferSize(BUFFER_BYTES);
    socket.channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(READS_PER_TURN));
    return socket;
  }

  private static UdpSocket nio() {
    try {
      java.nio.channels.DatagramChannel nio = java.nio.channels.DatagramChannel.open();
      return new UdpSocket(new NioDatagramChannel(nio), nio);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a UDP socket", e);
    }
  }

  DatagramChannel channel() {
    return channel;
  }

  /** Sends a datagram without bytes; on the channel's loop. Returns false if it was dropped. */
  boolean sendEmpty(InetSocketAddress to) {
    try {
      if (nio != null) {
        if (nio.isConnected()) {
          return false;
        }
        nio.send(EMPTY.duplicate(), to);
        return true;
      }
      return channel instanceof UnixChannel unix
          && new Socket(unix.fd().intValue()).sendTo(EMPTY, 0, 0, to.getAddress(), to.getPort()) >= 0;
    } catch (IOException e) {
      return false;
    }
  }
}
