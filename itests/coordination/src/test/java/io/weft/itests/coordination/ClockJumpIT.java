package io.weft.itests.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Machine;
import io.weft.itests.dcs.CoordinatedFabric;
import io.weft.itests.dcs.FaultyStore;
import io.weft.itests.process.NodeProcess;
import io.weft.support.fence.Attempt;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wall clock of the holder jumps by an hour, either way. Leases do not care; when a job is due is the wall clock's to say. */
@Tag("nightly")
class ClockJumpIT {

  private static final Path LIBRARY = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");
  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Duration SOON = Duration.ofSeconds(90); // a jump may be noticed as late as half a minute after it
  private static final Duration NEARLY_AN_HOUR = Duration.ofMinutes(59);

  @TempDir
  Path folder;

  @Test
  void aJumpOfTheWallClockMovesNoLease() throws IOException {
    Machine.check(Files.exists(LIBRARY), "libfaketime is not installed");
    try (FaultyStore store = FaultyStore.start("etcd");
        CoordinatedFabric fabric = CoordinatedFabric.of(store, TTL, "a", "b", "c")) {
      for (NodeProcess node : fabric.nodes()) {
        jump(node, "+0");
        node.env("LD_PRELOAD", LIBRARY.toString()).env("FAKETIME_TIMESTAMP_FILE", clock(node).toString())
            .env("FAKETIME_CACHE_DURATION", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("FAKETIME_FORCE_MONOTONIC_FIX", "0"); // which would make timed waits of the JVM end at once
      }
      fabric.start();
      Attempt before = fabric.latest();
      NodeProcess holder = fabric.actor();

      jump(holder, "-3600");
      heldFor(fabric, before); // nothing is due for an hour on that clock, and nobody else may
      jump(holder, "+0");
      fabric.awaitActing(SOON);

      jump(holder, "+3600");
      Await.until("a run of a period in the future", SOON, () -> fabric.latest().period().isAfter(Instant.now().plus(NEARLY_AN_HOUR)));
      heldFor(fabric, before);
      fabric.awaitActing(SOON);
      assertThat(fabric.record().violations()).isEmpty();
      assertThat(fabric.record().tokens()).containsExactly(before.token());
    }
  }

  /** Three TTLs pass, and it is still who held it before. */
  private static void heldFor(CoordinatedFabric fabric, Attempt before) throws IOException {
    long end = System.nanoTime() + 3 * TTL.toNanos();
    Await.until("three TTLs", SOON, () -> System.nanoTime() - end > 0);
    NodeProcess other = fabric.nodes().stream().filter(n -> !n.name().equals(before.node())).findFirst().orElseThrow();
    assertThat(other.ask("lease:list", "--json").orFail()).contains("\"token\": " + before.token());
  }

  private Path clock(NodeProcess node) {
    return folder.resolve(node.name());
  }

  private void jump(NodeProcess node, String seconds) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), seconds + "\n");
    Files.move(next, clock(node), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
