package io.weft.itests.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.dcs.AcknowledgedWrites;
import io.weft.itests.dcs.CoordinatedFabric;
import io.weft.itests.dcs.FaultyStore;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power of all members goes at once, in the middle of writes: they are killed, and what they had not synced is taken out of their files.
 * A library that is preloaded notes how far each file was synced, and makes the disk slow. Names of files are taken to be on disk.
 */
@Tag("nightly")
class RaftPowerLossIT {

  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Duration RECOVERY_MAX = Duration.ofSeconds(60); // with the start of three nodes
  private static final String SYNC_MILLIS = "30"; // on a fast disk there is hardly ever anything to lose
  private static final int ROUNDS = Math.min(10, Integer.getInteger("weft.rounds", 5));

  @TempDir
  Path folder;

  @Test
  void whatWasAcknowledgedWasSyncedByAMajority() throws IOException {
    Machine.needs("gcc");
    Path library = folder.resolve("synced.so");
    Path source = Distribution.root().resolve("itests/coordination/src/test/native/synced.c");
    Command.of("gcc", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl").run().orFail();
    long taken = 0;
    try (FaultyStore store = FaultyStore.start("raft"); CoordinatedFabric fabric = CoordinatedFabric.of(store, TTL, "a", "b", "c")) {
      for (NodeProcess node : fabric.nodes()) {
        node.env("LD_PRELOAD", library.toString()).env("SYNC_JOURNAL", journal(node).toString())
            .env("SYNC_MILLIS", SYNC_MILLIS);
      }
      fabric.start();
      try (AcknowledgedWrites writes = Faults.writes(fabric); AcknowledgedWrites second = Faults.writes(fabric);
          AcknowledgedWrites third = Faults.writes(fabric)) {
        for (int i = 0; i < ROUNDS; i++) {
          Faults.awaitMore(writes);
          fabric.nodes().forEach(NodeProcess::kill);
          for (NodeProcess node : fabric.nodes()) {
            taken += cut(node);
          }
          fabric.nodes().forEach(NodeProcess::start);
          Faults.recovered(fabric, writes, RECOVERY_MAX);
        }
        Faults.assertNothingLost(fabric, writes);
        Faults.assertNothingLost(fabric, second);
        Faults.assertNothingLost(fabric, third);
      }
      assertThat(fabric.record().violations()).isEmpty();
      assertThat(fabric.record().tokens()).isSorted();
    }
    assertThat(taken).as("bytes that were written and not synced").isPositive();
    System.out.println("RAFT power lost " + ROUNDS + " times, bytes taken that were not synced " + taken);
  }

  private Path journal(NodeProcess node) {
    return folder.resolve("synced-" + node.name());
  }

  /** Returns how many bytes were taken. */
  private long cut(NodeProcess node) throws IOException {
    Map<String, Long> synced = new HashMap<>();
    for (String line : Files.readAllLines(journal(node))) {
      String[] words = line.split(" ");
      synced.put(words[0], Long.parseLong(words[1]));
    }
    assertThat(synced).as("files that were synced at all").isNotEmpty();
    long taken = 0;
    for (Path segment : segments(node)) {
      String inode = Files.getAttribute(segment, "unix:dev") + ":" + Files.getAttribute(segment, "unix:ino");
      taken += cut(segment, synced.getOrDefault(inode, 0L));
    }
    return taken;
  }

  private static List<Path> segments(NodeProcess node) throws IOException {
    try (Stream<Path> files = Files.walk(node.home().resolve("data/dcs.raft/log"))) {
      return files.filter(file -> file.getFileName().toString().startsWith("log_")).toList();
    }
  }

  /** What comes after the end is room that was set aside: zeros. */
  private static long cut(Path file, long end) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long taken = 0;
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      for (long i = end; i < bytes.length; i++) {
        if (bytes[(int) i] != 0) {
          taken++;
          out.seek(i);
          out.write(0);
        }
      }
    }
    return taken;
  }
}
