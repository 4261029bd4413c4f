package io.weft.path.ice.agent;

import io.weft.node.Timers;
import io.weft.path.ice.check.Check;
import io.weft.path.ice.check.CheckEvents;
import io.weft.path.ice.check.Checker;
import io.weft.support.SerialLoop;
import java.net.DatagramSocket;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jitsi.utils.logging2.Logger;
import org.jitsi.utils.logging2.LoggerImpl;
import org.jspecify.annotations.Nullable;

/**
 * Checks by ice4j: an agent for each attempt, of which a bounded number is at work and the others wait. The threads of ice4j end within a
 * minute of the last attempt.
 */
public final class AgentChecker implements Checker {

  static final int AT_ONCE = 64;

  private static final int TASKS_MAX = 4_096;

  /** Classes are loaded once, however many nodes there are in a process. */
  private static final AtomicBoolean REHEARSED = new AtomicBoolean();

  /** ice4j logs each step at INFO, addresses included. Kept here, because loggers that nobody holds forget their level. */
  private static final List<java.util.logging.Logger> QUIET =
      Stream.of("org.ice4j", "org.jitsi", "JitsiConfig").map(java.util.logging.Logger::getLogger).toList();

  private final Timers timers;
  private final Executor workers;
  // Guards running and waiting. Nothing foreign is called while it is held.
  private final Object lock = new Object();
  private final ArrayDeque<AgentCheck> waiting = new ArrayDeque<>();
  private int running;
  private @Nullable DatagramSocket placeholder;
  private boolean closed;

  /** @param workers may block; their threads find classes by the loader of this class */
  public AgentChecker(Timers timers, Executor workers) {
    this.timers = timers;
    this.workers = workers;
    QUIET.forEach(logger -> logger.setLevel(Level.OFF));
  }

  @Override
  public Check start(Plan plan, CheckEvents events) {
    SerialLoop work = new SerialLoop("path.ice " + plan.name(), workers, TASKS_MAX);
    AgentCheck check = new AgentCheck(plan, events, work, timers, placeholder(), this::ended);
    synchronized (lock) {
      if (running >= AT_ONCE) {
        waiting.add(check);
        return check;
      }
      running++;
    }
    check.start(logger());
    return check;
  }

  private void ended(AgentCheck check) {
    AgentCheck next;
    synchronized (lock) {
      if (waiting.remove(check)) {
        return;
      }
      next = waiting.poll();
      if (next == null) {
        running--;
      }
    }
    if (next != null) {
      next.start(logger());
    }
  }

  /** How many are at work; for tests. */
  int running() {
    synchronized (lock) {
      return running;
    }
  }

  private static Logger logger() {
    return new LoggerImpl("org.ice4j", Level.OFF);
  }

  private DatagramSocket placeholder() {
    synchronized (lock) {
      if (placeholder == null) {
        try {
          placeholder = new Unbound();
        } catch (SocketException e) {
          throw new IllegalStateException("no socket can be made", e);
        }
      }
      return placeholder;
    }
  }

  /** Never bound; only says how large packets are. */
  private static final class Unbound extends DatagramSocket {

    private static final int PACKET_MAX = 1_500;

    Unbound() throws SocketException {
      super((java.net.SocketAddress) null);
    }

    @Override
    public synchronized int getReceiveBufferSize() {
      return PACKET_MAX;
    }
  }

  /** The first agent takes a second or two, most of it for classes. */
  @Override
  public void warmUp() {
    if (REHEARSED.compareAndSet(false, true)) {
      workers.execute(() -> Rehearsal.play(this, timers, workers));
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      waiting.clear();
    }
    DatagramSocket socket = placeholder;
    if (socket != null) {
      socket.close();
    }
  }
}
