package io.weft.transport.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What is on its way in one direction of a link. The sender's loop adds, the receiver's takes away. */
final class Flight {

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger datagrams = new AtomicInteger();
  // Guards itself. Taken alone.
  private final List<Runnable> waiting = new ArrayList<>();

  void add(int count) {
    bytes.addAndGet(count);
  }

  /**
   * Whether less than {@code window} is on its way.
   *
   * @param whenRoom if not, called once there is room for half a window; on no particular thread
   */
  boolean hasRoom(int window, Runnable whenRoom) {
    if (bytes.get() < window) {
      return true;
    }
    synchronized (waiting) {
      waiting.add(whenRoom);
    }
    arrived(0, window); // It may all have arrived meanwhile.
    return false;
  }

  void arrived(long count, int window) {
    if (bytes.addAndGet(-count) > window / 2) {
      return;
    }
    List<Runnable> ready;
    synchronized (waiting) {
      ready = List.copyOf(waiting);
      waiting.clear();
    }
    ready.forEach(Runnable::run);
  }

  boolean tryAddDatagram(int most) {
    return datagrams.getAndUpdate(n -> Math.min(n + 1, most)) < most;
  }

  void datagramArrived() {
    datagrams.decrementAndGet();
  }
}
