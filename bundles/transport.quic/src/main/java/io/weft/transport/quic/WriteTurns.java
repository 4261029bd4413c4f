package io.weft.transport.quic;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * Streams with something to write, which take turns (deficit round robin, with those that have little first as in RFC 8290).
 *
 * <p>The codec would take from all of them at once, more than it may send, and then give each packet to another stream. With many streams the
 * other side then gets a kilobyte of each at a time, and has to pass on each kilobyte for itself. So while some are held back, which is
 * mostly because the path is full, nobody else is asked for much. On the loop.
 */
final class WriteTurns {

  /** Two, so that one whose reader is slow does not hold back the others. */
  private static final int HELD_BACK_MAX = 2;
  /** Who is held back for longer has a slow reader, and the path has room. Less each time, until somebody goes on. */
  private static final long PATIENCE_MILLIS = 16;

  private final EventLoop loop;
  private final ArrayDeque<QuicStream> sparse = new ArrayDeque<>();
  private final ArrayDeque<QuicStream> bulk = new ArrayDeque<>();
  private final ArrayDeque<QuicStream> heldBack = new ArrayDeque<>();
  private final Runnable turn = this::turn;
  private long patience = PATIENCE_MILLIS;
  private boolean scheduled;
  private boolean timing;
  private boolean wentOn;

  WriteTurns(EventLoop loop) {
    this.loop = loop;
  }

  /** Once only, until it has had its turn. */
  void add(QuicStream stream) {
    (stream.sparse() ? sparse : bulk).add(stream);
    schedule();
  }

  /** It is held back no more. */
  void goesOn(QuicStream stream) {
    if (heldBack.remove(stream)) {
      wentOn = true;
      patience = PATIENCE_MILLIS;
      schedule();
    }
  }

  private void schedule() {
    if (!scheduled && !(sparse.isEmpty() && bulk.isEmpty())) {
      scheduled = true;
      loop.execute(turn);
    }
  }

  private void turn() {
    scheduled = false;
    for (int n = sparse.size(); n > 0; n--) {
      next(sparse);
    }
    heldBack.removeIf(stream -> !stream.blocked());
    for (int n = bulk.size(); n > 0 && heldBack.size() < HELD_BACK_MAX; n--) {
      QuicStream stream = next(bulk);
      if (stream.blocked()) {
        heldBack.add(stream);
      }
    }
    if (heldBack.size() < HELD_BACK_MAX) {
      schedule();
    } else if (!bulk.isEmpty() && !timing) {
      timing = true;
      wentOn = false;
      loop.schedule(this::losePatience, patience, TimeUnit.MILLISECONDS);
    }
  }

  private QuicStream next(ArrayDeque<QuicStream> from) {
    QuicStream stream = from.poll();
    if (stream.drain()) {
      bulk.add(stream);
    }
    return stream;
  }

  private void losePatience() {
    timing = false;
    if (!wentOn) {
      patience = Math.max(1, patience / 2);
      heldBack.poll();
    }
    schedule();
  }
}
