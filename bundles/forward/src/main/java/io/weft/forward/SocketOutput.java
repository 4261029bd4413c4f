package io.weft.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannel;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What goes out to a socket: gathers small pieces, hands them over while the socket takes them, and says how many have really left. On
 * the socket's loop only.
 *
 * <p>Pieces are as small as packets, but their buffers may be much larger. Copied together they cost no more than queued one by one, and
 * a reader that stalls holds as much memory as it has bytes waiting, not fifty times that.
 */
final class SocketOutput {

  /** The largest buffer that Netty's allocator keeps at hand for each thread. */
  private static final int GATHER_BYTES = 32 * 1024;

  /** Larger pieces go as they are. */
  private static final int COPY_BELOW = 4 * 1024;

  /** Bytes after which the sender hears that they have left, even if more follow at once. */
  private static final int CONFIRM_BYTES = 64 * 1024;

  private final SocketChannel socket;
  private final IntConsumer left;
  private @Nullable ByteBuf gathered;
  private int unconfirmed;
  private int markers;

  /** @param left gets the number of bytes that have left since it was last called */
  SocketOutput(SocketChannel socket, IntConsumer left) {
    this.socket = socket;
    this.left = left;
  }

  /** Takes over the buffer. Nothing leaves before {@link #flush}. */
  void add(ByteBuf bytes) {
    int count = bytes.readableBytes();
    if (count >= COPY_BELOW) {
      pushGathered();
      push(bytes);
      return;
    }
    ByteBuf into = gathered;
    if (into != null && into.writableBytes() < count) {
      pushGathered();
      into = null;
    }
    if (into == null) {
      into = socket.alloc().directBuffer(GATHER_BYTES, GATHER_BYTES);
      gathered = into;
    }
    into.writeBytes(bytes);
    bytes.release();
  }

  /** Lets go what there is. While the socket is behind, small pieces go on gathering. */
  void flush() {
    if (markers == 0) {
      pushGathered();
    }
    socket.flush();
    if (unconfirmed == 0) {
      return;
    }
    ChannelOutboundBuffer waiting = socket.unsafe().outboundBuffer();
    if (waiting == null || waiting.isEmpty()) {
      int bytes = unconfirmed;
      unconfirmed = 0;
      left.accept(bytes);
    } else {
      mark();
      socket.flush();
    }
  }

  /** Runs {@code then} when everything has left. It is not enough to shut the socket down: that would overtake what is still queued. */
  void finish(Runnable then) {
    pushGathered();
    socket.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> {
      if (f.isSuccess()) {
        then.run();
      }
    });
  }

  /** Hands over all that is here. What has not left by then is still counted, and told, when it does. */
  void leave() {
    pushGathered();
    socket.flush();
    if (unconfirmed > 0) {
      mark();
      socket.flush();
    }
  }

  void release() {
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }

  private void pushGathered() {
    ByteBuf full = gathered;
    if (full != null) {
      gathered = null;
      push(full);
    }
  }

  private void push(ByteBuf bytes) {
    unconfirmed += bytes.readableBytes();
    socket.write(bytes, socket.voidPromise());
    if (unconfirmed >= CONFIRM_BYTES) {
      mark();
    }
  }

  /** An empty write completes after all that was written before it. */
  private void mark() {
    int bytes = unconfirmed;
    unconfirmed = 0;
    markers++;
    socket.write(Unpooled.EMPTY_BUFFER).addListener(f -> {
      markers--;
      if (f.isSuccess()) {
        left.accept(bytes);
        if (markers == 0 && gathered != null) {
          flush();
        }
      }
    });
  }
}
