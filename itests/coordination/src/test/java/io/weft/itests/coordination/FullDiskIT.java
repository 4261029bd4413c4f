package io.weft.itests.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.dcs.AcknowledgedWrites;
import io.weft.itests.dcs.CoordinatedFabric;
import io.weft.itests.dcs.FaultyStore;
import io.weft.itests.dcs.RaftFabric;
import io.weft.itests.dcs.StoreMember;
import io.weft.itests.process.NodeProcess;
import io.weft.support.fence.Attempt;
import io.weft.testkit.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks without room: of the store, and of the holder. */
@Tag("nightly")
class FullDiskIT {

  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int LARGE = 200_000;

  @TempDir
  Path folder;

  @Test
  void aStoreWithoutRoomLosesNothing() throws IOException {
    Machine.needsRoot();
    Path disk = Files.createDirectory(folder.resolve("disk"));
    mount(disk, "180m"); // etcd sets aside two files of 64 MB
    try (FaultyStore store = FaultyStore.etcdIn(disk.resolve("data"));
        CoordinatedFabric fabric = CoordinatedFabric.of(store, TTL, "a", "b", "c").start();
        AcknowledgedWrites writes = new AcknowledgedWrites(fabric.nodes(), "x".repeat(LARGE))) {
      StoreMember etcd = store.members().get(0);
      Faults.awaitMore(writes);
      fill(disk);
      Await.until("etcd to fail for want of room", SOON, () -> !etcd.isAlive());
      Files.delete(disk.resolve("filler"));
      etcd.start();
      Faults.recovered(fabric, writes, Faults.RECOVERY_MAX);
      Faults.assertNothingLost(fabric, writes);
      assertThat(fabric.record().violations()).isEmpty();
    } finally {
      unmount(disk);
    }
  }

  @Test
  void aHolderWithoutRoomGoesOn() throws IOException {
    Machine.needsRoot();
    try (FaultyStore store = FaultyStore.start("etcd"); CoordinatedFabric fabric = CoordinatedFabric.of(store, TTL, "a")) {
      NodeProcess holder = fabric.node("a");
      mount(holder.home(), "300m");
      try {
        fabric.equipAgain(holder);
        fabric.start();
        Attempt before = fabric.latest();
        fill(holder.home());
        long end = System.nanoTime() + 3 * TTL.toNanos();
        Await.until("three TTLs", SOON, () -> System.nanoTime() - end > 0);
        fabric.awaitActing(Faults.RECOVERY_MAX);
        assertThat(fabric.latest().token()).as("nothing about a lease needs the disk").isEqualTo(before.token());
        Files.delete(holder.home().resolve("filler"));
        assertThat(fabric.record().violations()).isEmpty();
      } finally {
        holder.close();
        unmount(holder.home());
      }
    }
  }

  /** The disk of the log of a member: the others go on, and it comes back with everything when there is room. */
  @Test
  void aMemberWithoutRoomIsFollowed() throws IOException {
    Machine.needsRoot();
    try (FaultyStore store = FaultyStore.start("raft"); CoordinatedFabric fabric = CoordinatedFabric.of(store, TTL, "a", "b", "c")) {
      for (NodeProcess node : fabric.nodes()) {
        mount(Files.createDirectories(node.home().resolve("data/dcs.raft")), "60m");
      }
      try (AcknowledgedWrites writes = new AcknowledgedWrites(fabric.start().nodes(), "x".repeat(LARGE))) {
        for (NodeProcess full : fabric.nodes()) { // one of them leads
          Faults.awaitMore(writes);
          Path disk = full.home().resolve("data/dcs.raft");
          fill(disk);
          Faults.recovered(fabric, writes, Faults.RECOVERY_MAX);
          Files.delete(disk.resolve("filler"));
          RaftFabric.awaitCaughtUp(full, SOON);
        }
        Faults.assertNothingLost(fabric, writes);
        assertThat(fabric.record().violations()).isEmpty();
      } finally {
        for (NodeProcess node : fabric.nodes()) {
          node.close();
          unmount(node.home().resolve("data/dcs.raft"));
        }
      }
    }
  }

  private static void mount(Path place, String size) {
    Command.of("mount", "-t", "tmpfs", "-o", "size=" + size, "weft-itest", place.toString()).run().orFail();
  }

  private static void unmount(Path place) {
    Command.of("umount", "-l", place.toString()).run().orFail();
  }

  /** Until there is no room, which is shown by the failure. */
  private static void fill(Path disk) throws IOException {
    byte[] block = new byte[4_096];
    boolean full = false;
    try (OutputStream out = Files.newOutputStream(disk.resolve("filler"))) {
      while (!full) {
        out.write(block);
      }
    } catch (IOException e) {
      full = e.getMessage() != null && e.getMessage().contains("No space left");
    }
    assertThat(full).as("no room is left").isTrue();
    assertThat(disk.toFile().getUsableSpace()).isLessThan(block.length);
  }
}
