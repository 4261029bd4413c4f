package io.weft.relay.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.weft.support.stun.ChannelData;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Packets of one size for one destination, laid end to end, so that the kernel takes them in one call and cuts them itself. The data is
 * copied once to put a header before each packet or to take it away, because the kernel wants one piece of memory or a list, and a list
 * of forty pieces costs objects and descriptors of its own. A packet that stays alone and needs no header is not copied. On the loop of
 * the channel.
 */
final class Batch {

  private static final int BYTES_MAX = 65_000;

  private final Channel out;
  private final InetSocketAddress to;
  private final Counters counters;
  private final ChannelFutureListener unsent;
  private final ChannelFutureListener unsentTogether;
  private int segmentsMax;
  private @Nullable ByteBuf alone;
  private @Nullable ByteBuf together;
  private int segment;
  private int count;
  private boolean ended;
  private int expected;

  Batch(Channel out, InetSocketAddress to, int segmentsMax, Counters counters) {
    this.out = out;
    this.to = to;
    this.segmentsMax = segmentsMax;
    this.counters = counters;
    this.unsent = sent -> {
      if (!sent.isSuccess()) {
        counters.add(Count.DROPPED_UNSENT);
      }
    };
    this.unsentTogether = sent -> {
      if (!sent.isSuccess()) {
        counters.add(Count.DROPPED_UNSENT);
        this.segmentsMax = 1; // An interface that cannot cut packets says so with an error each time.
      }
    };
  }

  /** Adds what the buffer has left to read; it stays the caller's. @param channel 0 for data without a header */
  void add(ByteBuf data, int channel) {
    int size = data.readableBytes() + (channel == 0 ? 0 : ChannelData.HEADER);
    if (count > 0 && (ended || size > segment || count >= segmentsMax || (count + 1) * segment > BYTES_MAX)) {
      write();
    }
    if (count == 0) {
      segment = size;
      if (channel == 0) {
        alone = data.retainedSlice();
        count = 1;
        return;
      }
      together = out.alloc().directBuffer(Math.max(size, segmentsMax > 1 ? expected : 0));
    } else if (alone != null) {
      together = out.alloc().directBuffer(Math.max(segment + size, expected)).writeBytes(alone);
      alone.release();
      alone = null;
    }
    if (channel != 0) {
      ChannelData.header(together, channel, data.readableBytes());
    }
    together.writeBytes(data, data.readerIndex(), data.readableBytes());
    count++;
    ended = size < segment;
  }

  /** Hands over what there is; the channel is to be flushed after it. */
  void write() {
    if (count == 0) {
      return;
    }
    ByteBuf packets = alone != null ? alone : together;
    ChannelFutureListener listener = count == 1 ? unsent : unsentTogether;
    DatagramPacket packet = count == 1 ? new DatagramPacket(packets, to) : new SegmentedDatagramPacket(packets, segment, to);
    expected = packets.readableBytes();
    alone = null;
    together = null;
    count = 0;
    ended = false;
    if (out.isWritable()) {
      out.write(packet).addListener(listener);
    } else {
      packet.release();
      counters.add(Count.DROPPED_NOT_WRITABLE);
    }
  }

  /** Drops what was not handed over. */
  void discard() {
    if (count > 0) {
      (alone != null ? alone : together).release();
      alone = null;
      together = null;
      count = 0;
    }
  }
}
