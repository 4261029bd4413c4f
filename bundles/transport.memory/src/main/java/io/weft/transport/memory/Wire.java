package io.weft.transport.memory;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/**
 * One direction of a link: frames put in by the sender's loop are taken out, in order, by the receiver's. Any number of puts
 * between two turns of the receiver cost it one task.
 */
final class Wire {

  /** Takes what arrives, on the receiver's loop. */
  interface Receiver {

    void frames(ArrayDeque<Frame> frames);
  }

  private final EventLoop loop;
  private final Receiver receiver;
  private final BooleanSupplier blocked;
  // Guards queue, scheduled and broken. Nothing foreign is called while it is held.
  private final Object lock = new Object();
  private ArrayDeque<Frame> queue = new ArrayDeque<>();
  private boolean scheduled;
  private boolean broken;

  /**
   * @param loop the receiver's
   * @param blocked whether frames must wait for {@link #resume}
   */
  Wire(EventLoop loop, Receiver receiver, BooleanSupplier blocked) {
    this.loop = loop;
    this.receiver = receiver;
    this.blocked = blocked;
  }

  void put(List<Frame> frames) {
    boolean lost;
    synchronized (lock) {
      lost = broken;
      if (!lost) {
        queue.addAll(frames);
      }
    }
    if (lost) {
      frames.forEach(Frame::discard);
    } else {
      resume();
    }
  }

  /** Delivers what waits, if it may. */
  void resume() {
    if (blocked.getAsBoolean()) {
      return;
    }
    synchronized (lock) {
      if (scheduled || broken || queue.isEmpty()) {
        return;
      }
      scheduled = true;
    }
    try {
      loop.execute(this::deliver);
    } catch (RejectedExecutionException e) {
      cut(); // The receiver's loops are shut down, as if its process had ended.
    }
  }

  boolean isBlocked() {
    return blocked.getAsBoolean();
  }

  /** Nobody receives any more: frees what waits and what still comes. */
  void cut() {
    take(true).forEach(Frame::discard);
  }

  private void deliver() {
    receiver.frames(take(false));
  }

  private ArrayDeque<Frame> take(boolean last) {
    synchronized (lock) {
      scheduled = false;
      broken |= last;
      ArrayDeque<Frame> taken = queue;
      queue = new ArrayDeque<>();
      return taken;
    }
  }
}
