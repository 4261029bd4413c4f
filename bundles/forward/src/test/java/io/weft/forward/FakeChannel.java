package io.weft.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One end of a channel inside the test, with a window, pieces of the size of packets, and the penalty for ignoring the window. */
final class FakeChannel implements RawChannel {

  static final int WINDOW = 256 * 1024;
  private static final int PIECE = 1_350;
  private static final int OVERRUN_MAX = 1024 * 1024;
  private static final AtomicLong IDS = new AtomicLong();

  private final FakeNet net;
  private final EventLoop loop;
  private final PeerIdentity peer;
  private final String service;
  private final ChannelKind kind;
  private final String origin;
  private final long id = IDS.incrementAndGet();
  private final ArrayDeque<ByteBuf> queued = new ArrayDeque<>();
  private FakeChannel other;
  private @Nullable RawChannelHandler handler;
  BiConsumer<ChannelOutcome, String> onAnswer = (outcome, detail) -> {};
  private boolean answered;
  private long room = WINDOW;
  private boolean told;
  private int overrun;
  private boolean finishing;
  private boolean finishSent;
  private boolean finishHeard; // by the other end
  private boolean over;
  private boolean closedTold;

  FakeChannel(FakeNet net, EventLoop loop, PeerIdentity peer, String service, ChannelKind kind, String origin) {
    this.net = net;
    this.loop = loop;
    this.peer = peer;
    this.service = service;
    this.kind = kind;
    this.origin = origin;
    this.other = this;
  }

  /** This end was opened by {@code opener}; {@code far} has still to be taken. */
  void connect(FakeChannel far, RawChannelHandler opener) {
    other = far;
    far.other = this;
    handler = opener;
    answered = true;
    net.open.add(this);
    net.open.add(far);
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public PeerIdentity peer() {
    return peer;
  }

  @Override
  public String service() {
    return service;
  }

  @Override
  public ChannelKind kind() {
    return kind;
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public void handler(RawChannelHandler replacement) {
    handler = replacement;
  }

  @Override
  public void accept() {
    if (!answered && !over) {
      answered = true;
      onAnswer.accept(ChannelOutcome.open, "");
    }
  }

  @Override
  public void refuse(ChannelOutcome outcome, String detail) {
    if (!answered && !over) {
      answered = true;
      over = true;
      other.over = true;
      onAnswer.accept(outcome, detail);
      loop.execute(() -> tellClosed(new Reason(outcome.name(), detail)));
    }
  }

  @Override
  public boolean isWritable() {
    boolean can = !over && !finishing && queued.isEmpty() && room > 0;
    told = !can;
    return can;
  }

  @Override
  public void write(ByteBuf bytes) {
    if (!loop.inEventLoop()) {
      throw new AssertionError("not on the loop");
    }
    if (over || finishing) {
      bytes.release();
      return;
    }
    if (told) {
      overrun += bytes.readableBytes();
      if (overrun > OVERRUN_MAX) {
        bytes.release();
        abort(Reason.of("overflow"));
        return;
      }
    }
    queued.add(bytes);
  }

  @Override
  public void flush() {
    while (!over && room > 0 && !queued.isEmpty()) {
      ByteBuf head = queued.peek();
      int count = (int) Math.min(Math.min(head.readableBytes(), room), PIECE);
      room -= count;
      ByteBuf piece = count == head.readableBytes() ? queued.poll() : head.readRetainedSlice(count);
      loop.execute(() -> other.deliver(piece));
    }
    if (!over && queued.isEmpty() && finishing && !finishSent) {
      finishSent = true;
      loop.execute(() -> {
        if (!other.over) {
          other.handler.finished(other);
        }
        finishHeard = true;
        if (other.finishHeard && !over) {
          over = true;
          other.over = true;
          tellClosed(null);
          other.tellClosed(null);
        }
      });
    }
  }

  private void deliver(ByteBuf piece) {
    if (over) {
      piece.release();
    } else {
      handler.data(this, piece);
    }
  }

  @Override
  public void consumed(int bytes) {
    if (over) {
      return;
    }
    other.room += bytes;
    if (other.room > WINDOW) {
      throw new AssertionError("more was consumed than sent");
    }
    loop.execute(() -> {
      other.flush();
      if (other.told && !other.over && other.queued.isEmpty() && other.room > 0 && !other.finishing) {
        other.told = false;
        other.overrun = 0;
        other.handler.writable(other);
      }
    });
  }

  @Override
  public void sendDatagram(ByteBuf payload) {
    if (!loop.inEventLoop()) {
      throw new AssertionError("not on the loop");
    }
    if (over || payload.readableBytes() > 65_507) {
      payload.release();
      return;
    }
    loop.execute(() -> {
      if (other.over) {
        payload.release();
      } else {
        other.handler.datagram(other, payload);
      }
    });
  }

  @Override
  public void finish() {
    if (!over && !finishing) {
      finishing = true;
      flush();
    }
  }

  @Override
  public void abort(Reason reason) {
    if (over) {
      return;
    }
    over = true;
    other.over = true;
    drop();
    other.drop();
    loop.execute(() -> {
      tellClosed(reason);
      other.tellClosed(reason);
    });
  }

  void forget() {
    net.open.remove(this);
  }

  private void drop() {
    queued.forEach(ByteBuf::release);
    queued.clear();
  }

  private void tellClosed(@Nullable Reason reason) {
    forget();
    if (!closedTold && handler != null) {
      closedTold = true;
      handler.closed(this, reason);
    }
  }
}
