package io.weft.transport.memory;

import io.netty.channel.EventLoop;
import io.weft.node.Clock;
import io.weft.node.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * One direction of a link: frames put in by the sender's loop are taken out, in order, by the receiver's. Any number of puts
 * between two turns of the receiver cost it one task.
 */
final class Wire {

  /** Takes what arrives, on the receiver's loop. */
  interface Receiver {

    void frames(ArrayDeque<Frame> frames);
  }

  /** What the network does on the way. */
  interface Way {

    /** Whether frames must wait for {@link #resume}. */
    boolean isBlocked();

    Weather weather();

    /** Drawn anew for each frame: from 0 to 1. */
    double chance();
  }

  /** Frames that arrive together, some time later. */
  private static final class Lot {

    final List<Frame> frames = new ArrayList<>();
  }

  private final EventLoop loop;
  private final Receiver receiver;
  private final Way way;
  private final Clock clock;
  private final Timers timers;
  // Guards what follows. Nothing foreign is called while it is held.
  private final Object lock = new Object();
  private final Set<Lot> late = new HashSet<>();
  private ArrayDeque<Frame> queue = new ArrayDeque<>();
  private int lateInOrder;
  private long lastDue;
  private boolean scheduled;
  private boolean broken;

  /** @param loop the receiver's */
  Wire(EventLoop loop, Receiver receiver, Way way, Clock clock, Timers timers) {
    this.loop = loop;
    this.receiver = receiver;
    this.way = way;
    this.clock = clock;
    this.timers = timers;
  }

  void put(List<Frame> frames) {
    Weather weather = way.weather();
    if (weather.equals(Weather.CALM) && !isBehind()) {
      arrive(frames);
      return;
    }
    Lot inOrder = new Lot();
    Duration wait = weather.delay();
    for (Frame frame : frames) {
      if (frame instanceof Frame.Datagram) {
        Lot alone = new Lot();
        alone.frames.add(frame);
        later(alone, weather.delay().plusNanos((long) (weather.reorder().toNanos() * way.chance())), false);
      } else {
        inOrder.frames.add(frame);
        if (loses(weather)) {
          wait = weather.delay().plus(Weather.RESENT);
        }
      }
    }
    if (!inOrder.frames.isEmpty()) {
      later(inOrder, wait, true);
    }
  }

  /** Whether the network swallows a datagram now. */
  boolean losesDatagram() {
    return loses(way.weather());
  }

  private boolean loses(Weather weather) {
    return weather.loss() > 0 && way.chance() < weather.loss();
  }

  private boolean isBehind() {
    synchronized (lock) {
      return lateInOrder > 0;
    }
  }

  private void later(Lot lot, Duration wait, boolean inOrder) {
    long now = clock.nanos();
    long due = now + wait.toNanos();
    boolean lost;
    synchronized (lock) {
      lost = broken;
      if (!lost) {
        late.add(lot);
        if (inOrder) {
          due = lateInOrder > 0 ? Math.max(due, lastDue) : due;
          lastDue = due;
          lateInOrder++;
        }
      }
    }
    if (lost) {
      lot.frames.forEach(Frame::discard);
    } else {
      timers.after(Duration.ofNanos(due - now), loop, () -> due(lot, inOrder));
    }
  }

  private void due(Lot lot, boolean inOrder) {
    boolean there;
    synchronized (lock) {
      there = late.remove(lot);
      lateInOrder -= there && inOrder ? 1 : 0;
    }
    if (there) {
      arrive(lot.frames);
    }
  }

  private void arrive(List<Frame> frames) {
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
    if (way.isBlocked()) {
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
    return way.isBlocked();
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
      ArrayDeque<Frame> taken = queue;
      queue = new ArrayDeque<>();
      if (last) {
        broken = true;
        late.forEach(lot -> taken.addAll(lot.frames));
        late.clear();
      }
      return taken;
    }
  }
}
