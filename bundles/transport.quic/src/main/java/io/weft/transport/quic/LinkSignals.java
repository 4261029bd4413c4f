package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.weft.transport.quic.codec.StreamEvents;

/**
 * What the two transports of a link tell each other, each on a one-way stream of its own: {@code u8 type, u8 length, payload}.
 *
 * <ul>
 *   <li>1 READY: {@code u8 version, u32 streams} that may be open at once; first. The dialer sends it when TLS is done, the
 *       acceptor
 *       when somebody took the link: a dialer cannot know otherwise, because with TLS 1.3 it is done before its certificate was
 *       looked at.
 *   <li>2 CUT: {@code u64 stream, u32 code}. A stream is never reset with QUIC's own frames: the codec loses them with a lost
 *       packet, and Netty keeps a channel for each stream that ended so. The stream ends with its usual end of stream, after 3.
 *   <li>3 CUT SEEN: {@code u64 stream}. What comes of that stream from now on is for nobody.
 * </ul>
 *
 * Types above 127 are skipped, unknown ones below are errors.
 */
final class LinkSignals implements StreamEvents {

  /** On the loop. */
  interface Receiver {
    void ready(int streamsMax);

    void cut(long stream, int code);

    void cutSeen(long stream);

    /** The peer broke the rules. */
    void broken(String how);
  }

  static final int READY = 1;
  static final int CUT = 2;
  static final int CUT_SEEN = 3;
  private static final int VERSION = 1;
  private static final int STREAMS_MAX = 1 << 20;
  private static final int FRAME_MAX = 2 + 255;

  private final Receiver receiver;
  private final ByteBuf buffer = Unpooled.buffer(32, FRAME_MAX);
  private boolean ready;
  private boolean broken;

  LinkSignals(Receiver receiver) {
    this.receiver = receiver;
  }

  static ByteBuf ready(int streamsMax) {
    return start(READY, 5).writeByte(VERSION).writeInt(streamsMax);
  }

  static ByteBuf cut(long stream, int code) {
    return start(CUT, 12).writeLong(stream).writeInt(code);
  }

  static ByteBuf cutSeen(long stream) {
    return start(CUT_SEEN, 8).writeLong(stream);
  }

  private static ByteBuf start(int type, int length) {
    return PooledByteBufAllocator.DEFAULT.directBuffer(2 + length).writeByte(type).writeByte(length);
  }

  @Override
  public void data(ByteBuf bytes) {
    try {
      while (bytes.isReadable() && !broken) {
        int wanted = buffer.readableBytes() < 2 ? 2 : 2 + buffer.getUnsignedByte(1);
        int more = Math.min(wanted - buffer.readableBytes(), bytes.readableBytes());
        buffer.writeBytes(bytes, more);
        if (buffer.readableBytes() >= 2 && buffer.readableBytes() == 2 + buffer.getUnsignedByte(1)) {
          frame(buffer.readUnsignedByte(), buffer.readUnsignedByte());
          buffer.clear();
        }
      }
    } finally {
      bytes.release();
    }
  }

  private void frame(int type, int length) {
    if (type == READY && length == 5 && !ready) {
      int version = buffer.readUnsignedByte();
      int streams = buffer.readInt();
      if (version != VERSION || streams < 1 || streams > STREAMS_MAX) {
        broken("READY with version " + version + " and " + streams + " streams");
      } else {
        ready = true;
        receiver.ready(streams);
      }
    } else if (type == CUT && length == 12 && ready) {
      long stream = buffer.readLong();
      receiver.cut(stream, buffer.readInt());
    } else if (type == CUT_SEEN && length == 8 && ready) {
      receiver.cutSeen(buffer.readLong());
    } else if (type < 128) {
      broken("signal " + type + " of " + length + " bytes");
    }
  }

  private void broken(String how) {
    broken = true;
    receiver.broken(how);
  }

  @Override
  public void readComplete() {}

  @Override
  public void finished() {
    broken("the end of the signals");
  }

  @Override
  public void reset(long code) {
    broken("a reset of the signals");
  }

  @Override
  public void writabilityChanged(boolean writable) {}

  @Override
  public void closed() {}
}
