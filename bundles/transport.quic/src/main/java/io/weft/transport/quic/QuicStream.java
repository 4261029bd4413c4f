package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.weft.transport.Link;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import io.weft.transport.quic.codec.StreamEvents;
import io.weft.transport.quic.codec.StreamPort;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream and what waits to be written to it. Each write to the codec builds and sends packets at once, so small buffers are
 * gathered and everything goes out once per turn of the loop.
 */
final class QuicStream implements Stream, StreamEvents {

  /** A handler threw. */
  static final int CODE_INTERNAL = 0;
  /** The peer had as many streams open as it may. */
  static final int CODE_LIMIT = 0x7fff_0001;

  private static final Logger log = LoggerFactory.getLogger(QuicStream.class);
  private static final int QUEUED_HIGH = 256 * 1024;
  /** What one stream may write before the others have their turn. */
  private static final int QUANTUM = 64 * 1024;
  private static final int GATHER_BELOW = 4_096;
  private static final int GATHER_TO = 16_384;

  private final LinkStreams owner;
  private final boolean local;
  private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
  private @Nullable StreamHandler handler;
  private @Nullable StreamPort port;
  private int queued;
  private boolean scheduled;
  private boolean draining;
  private boolean wantsWritable;
  private boolean finishing;
  private boolean endSent;
  private boolean peerEnded;
  private boolean cut;
  private boolean over;
  private boolean gone;

  QuicStream(LinkStreams owner, boolean local) {
    this.owner = owner;
    this.local = local;
  }

  void on(StreamPort to) {
    port = to;
  }

  void handler(StreamHandler receiver) {
    handler = receiver;
  }

  long id() {
    return port == null ? -1 : port.id();
  }

  /** Whether this side opened it. */
  boolean local() {
    return local;
  }

  @Override
  public Link link() {
    return owner.link();
  }

  @Override
  public boolean isWritable() {
    boolean writable = !cut && !over && queued < QUEUED_HIGH && port.isWritable();
    wantsWritable = !writable;
    return writable;
  }

  @Override
  public void write(ByteBuf bytes) {
    if (cut || over || finishing || !bytes.isReadable()) {
      bytes.release();
      return;
    }
    queue.add(bytes);
    queued += bytes.readableBytes();
  }

  @Override
  public void flush() {
    if (!scheduled && !draining && (queued > 0 || finishing && !endSent)) {
      scheduled = true;
      owner.later(this);
    }
  }

  @Override
  public void finish() {
    if (!finishing && !cut) {
      finishing = true;
      flush();
    }
  }

  /**
   * The end of the stream follows only when the peer said that it knows of the cut; it travels on another stream than the news,
   * and the peer would take it for a clean one.
   */
  @Override
  public void reset(int code) {
    if (cut || over) {
      return;
    }
    cut = true;
    discard();
    owner.tellCut(id(), code);
    owner.link().loop().execute(this::end);
  }

  /** The peer knows that it was cut here. */
  void cutSeen() {
    if (cut) {
      sendEnd();
    }
  }

  /** The peer cut it. */
  void peerCut(int code) {
    if (cut) {
      // Both did; each end is known to be none.
      sendEnd();
      return;
    }
    cut = true;
    discard();
    if (!over) {
      guarded(h -> h.reset(this, code));
    }
    sendEnd();
    end();
  }

  /** The link is gone. */
  void abandon() {
    cut = true;
    discard();
    end();
  }

  private void discard() {
    queue.forEach(ByteBuf::release);
    queue.clear();
    queued = 0;
  }

  /** Whether little waits, of which nobody else would notice that it went first. */
  boolean sparse() {
    return queued < GATHER_BELOW;
  }

  /**
   * Its turn: writes some of what waits, and asks for more if it may.
   *
   * @return whether there is more that the codec would take now
   */
  boolean drain() {
    scheduled = false;
    draining = true;
    try {
      writeQueued();
      if (wantsWritable && isWritable()) {
        guarded(h -> h.writable(this));
      }
    } finally {
      draining = false;
    }
    if (finishing && queue.isEmpty() && !cut && !over) {
      sendEnd();
    }
    boolean more = !queue.isEmpty() && port.isWritable();
    scheduled |= more;
    return more;
  }

  /** Whether the codec takes no more of it for now. */
  boolean blocked() {
    return !cut && !over && !port.isWritable();
  }

  private void writeQueued() {
    for (int left = QUANTUM; left > 0 && !queue.isEmpty() && port.isWritable(); ) {
      ByteBuf next = gathered();
      left -= next.readableBytes();
      if (finishing && queue.isEmpty()) {
        sendEnd(next);
      } else {
        port.write(next, false);
      }
    }
  }

  private ByteBuf gathered() {
    ByteBuf first = queue.poll();
    ByteBuf following = queue.peek();
    if (first.readableBytes() >= GATHER_BELOW || following == null || following.readableBytes() >= GATHER_BELOW) {
      queued -= first.readableBytes();
      return first;
    }
    ByteBuf gathered = PooledByteBufAllocator.DEFAULT.directBuffer(Math.min(queued, GATHER_TO));
    for (ByteBuf next = first; next != null; next = queue.peek()) {
      if (next != first) {
        if (next.readableBytes() > gathered.writableBytes()) {
          break;
        }
        queue.poll();
      }
      gathered.writeBytes(next);
      next.release();
    }
    queued -= gathered.readableBytes();
    return gathered;
  }

  private void sendEnd() {
    sendEnd(Unpooled.EMPTY_BUFFER);
  }

  private void sendEnd(ByteBuf tail) {
    if (!endSent) {
      endSent = true;
      port.write(tail, true);
      if (!local) {
        owner.answered();
      }
      settle();
    }
  }

  @Override
  public void data(ByteBuf bytes) {
    if (cut || over) {
      bytes.release();
      return;
    }
    guarded(h -> h.data(this, bytes));
  }

  @Override
  public void readComplete() {
    if (!cut && !over) {
      guarded(h -> h.readComplete(this));
    }
  }

  @Override
  public void finished() {
    peerEnded = true;
    if (!cut && !over) {
      guarded(h -> h.finished(this));
    }
    settle();
  }

  /** Not from a peer of ours, which never resets; whoever does has its stream cut, and is cut off if it goes on so. */
  @Override
  public void reset(long code) {
    peerCut((int) code);
    owner.foreignReset();
  }

  @Override
  public void writabilityChanged(boolean writable) {
    if (writable && !draining) {
      if (!scheduled && (wantsWritable || !queue.isEmpty())) {
        scheduled = true;
        owner.later(this);
      }
      owner.goesOn(this);
    }
  }

  /** The codec is done with it. */
  @Override
  public void closed() {
    peerEnded = true;
    if (!endSent) {
      endSent = true;
      if (!local) {
        owner.answered();
      }
    }
    settle();
  }

  private void settle() {
    if (peerEnded && endSent) {
      end();
      if (!gone) {
        gone = true;
        owner.gone(this);
      }
    }
  }

  private void end() {
    if (!over) {
      over = true;
      discard();
      guarded(h -> h.closed(this));
    }
  }

  private void guarded(Consumer<StreamHandler> call) {
    StreamHandler to = handler;
    if (to == null) {
      return;
    }
    try {
      call.accept(to);
    } catch (RuntimeException e) {
      log.error("stream handler failed peer={}", owner.link().peer().name(), e);
      reset(CODE_INTERNAL);
    }
  }
}
