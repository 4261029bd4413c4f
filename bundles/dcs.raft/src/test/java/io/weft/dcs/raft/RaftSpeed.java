package io.weft.dcs.raft;

import io.weft.dcs.Dcs;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.WriteResult;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;

/**
 * How fast three members on this machine are, with real disks and without a network. No test of the build, because its name does
 * not end as theirs do: {@code mvn -pl bundles/dcs.raft -am -Dtest=RaftSpeed -Dsurefire.failIfNoSpecifiedTests=false test}.
 */
class RaftSpeed {

  private static final int IN_FLIGHT = 64;
  private static final int WRITES = 20_000;
  private static final int READS = 5_000;
  private static final byte[] VALUE = new byte[200];

  @Test
  void measure() throws Exception {
    try (RaftRig rig = RaftRig.started()) {
      String leader = RaftRig.status(rig.members.get("a")).leader().orElseThrow();
      String other = RaftRig.FOUNDERS.stream().filter(n -> !n.equals(leader)).findFirst().orElseThrow();
      write(rig.members.get(leader), WRITES, "warming up");
      write(rig.members.get(leader), WRITES, "writes at the leader");
      write(rig.members.get(other), WRITES, "writes at another member");
      read(rig.members.get(leader), READS, "warming up");
      read(rig.members.get(leader), READS, "fresh reads at the leader");
      read(rig.members.get(other), READS, "fresh reads at another member");
    }
  }

  private static void write(Dcs dcs, int count, String what) throws InterruptedException {
    Semaphore room = new Semaphore(IN_FLIGHT);
    AtomicLongArray took = new AtomicLongArray(count);
    AtomicInteger failed = new AtomicInteger();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      room.acquire();
      int at = i;
      long sent = System.nanoTime();
      dcs.put("speed/" + i % 1_000, VALUE, Expect.any(), null).whenComplete((result, failure) -> {
        took.set(at, System.nanoTime() - sent);
        if (failure != null || !(result instanceof WriteResult.Done)) {
          failed.incrementAndGet();
        }
        room.release();
      });
    }
    room.acquire(IN_FLIGHT);
    long[] all = new long[count];
    Arrays.setAll(all, took::get);
    print(what + ", " + IN_FLIGHT + " in flight, " + failed + " failed", all, System.nanoTime() - start);
  }

  private static void read(Dcs dcs, int count, String what) throws Exception {
    long[] took = new long[count];
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long sent = System.nanoTime();
      dcs.get("speed/" + i % 1_000, ReadMode.LINEARIZABLE).toCompletableFuture().get(10, TimeUnit.SECONDS);
      took[i] = System.nanoTime() - sent;
    }
    print(what + ", one after another", took, System.nanoTime() - start);
  }

  private static void print(String what, long[] took, long all) {
    Arrays.sort(took);
    System.out.printf(Locale.ROOT, "SPEED %-50s %7.0f/s  p50 %6.2f ms  p99 %6.2f ms  most %6.2f ms%n", what,
        took.length * 1e9 / all, took[took.length / 2] / 1e6, took[took.length * 99 / 100] / 1e6, took[took.length - 1] / 1e6);
  }
}
