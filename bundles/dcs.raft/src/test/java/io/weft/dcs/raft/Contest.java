package io.weft.dcs.raft;

import io.weft.dcs.Leadership;
import io.weft.dcs.Session;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * All nodes want to lead the same election, and want it again after each loss. All the time it is looked who believes to lead: while
 * somebody does, nobody with a smaller token may.
 */
final class Contest implements AutoCloseable {

  static final Duration TTL = Duration.ofSeconds(2);
  private static final long AGAIN_NANOS = 100_000_000;
  private static final long LOOK_NANOS = 2_000_000;
  private static final int LATEST = 8;

  private record Reign(String name, Leadership leadership) {}

  /** By token. */
  private final ConcurrentSkipListMap<Long, Reign> reigns = new ConcurrentSkipListMap<>();
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final List<Thread> threads;
  private volatile boolean over;

  Contest(Map<String, RaftDcs> nodes) {
    threads = new CopyOnWriteArrayList<>();
    nodes.forEach((name, dcs) -> threads.add(new Thread(() -> contend(name, dcs), "contest-" + name)));
    threads.add(new Thread(this::look, "contest-looks"));
    threads.forEach(Thread::start);
  }

  private void contend(String name, RaftDcs dcs) {
    while (!over) {
      try {
        Session session = dcs.open(name, TTL).toCompletableFuture().get();
        Leadership leadership = dcs.election("contest").campaign(session, name.getBytes(StandardCharsets.UTF_8)).get();
        reigns.put(leadership.token(), new Reign(name, leadership));
        leadership.ended().toCompletableFuture().get();
      } catch (InterruptedException e) {
        return;
      } catch (ExecutionException e) {
        LockSupport.parkNanos(AGAIN_NANOS); // cut off; it tries again until it is not
      }
    }
  }

  /** From the newest to the oldest: who still holds when an older one is looked at held before, too. */
  private void look() {
    while (!over) {
      Reign newest = null;
      for (Reign reign : reigns.descendingMap().values().stream().limit(LATEST).toList()) {
        if (reign.leadership.isHeld()) {
          if (newest != null) {
            violations.add(reign + " beside " + newest);
          }
          newest = newest == null ? reign : newest;
        }
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** Who leads, as far as it knows itself. */
  Optional<String> holder() {
    return reigns.descendingMap().values().stream().filter(reign -> reign.leadership.isHeld()).map(Reign::name).findFirst();
  }

  List<String> violations() {
    return violations;
  }

  @Override
  public void close() {
    over = true;
    threads.forEach(Thread::interrupt);
  }
}
