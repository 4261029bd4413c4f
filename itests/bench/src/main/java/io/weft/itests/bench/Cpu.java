package io.weft.itests.bench;

import io.weft.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Stream;

/** Processor time, as the kernel counts it. */
final class Cpu {

  private static final double TICKS_PER_SECOND = 100; // USER_HZ, fixed on Linux for what /proc shows
  private static final double IDLE_ENOUGH = 0.8;

  private Cpu() {}

  /** Seconds that these processes and their descendants have used. */
  static double seconds(Collection<ProcessHandle> processes) {
    return processes.stream().flatMap(p -> Stream.concat(Stream.of(p), p.descendants())).mapToDouble(p -> ticks(p.pid())).sum()
        / TICKS_PER_SECOND;
  }

  private static double ticks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    } catch (NoSuchFileException e) {
      return 0; // it has ended
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resident memory in MiB. */
  static double residentMebibytes(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the machine is mostly idle, but not for ever; returns the share that was idle then. */
  static double awaitIdle() {
    double[] idle = {idleShare()};
    try {
      Await.until("an idle machine", Duration.ofSeconds(12), () -> {
        if (idle[0] < IDLE_ENOUGH) {
          idle[0] = idleShare();
        }
        return idle[0] >= IDLE_ENOUGH;
      });
    } catch (AssertionError e) {
      return idle[0]; // measured on a busy machine, and the sample says so
    }
    return idle[0];
  }

  private static double idleShare() {
    long[] before = totals();
    long end = System.nanoTime() + 300_000_000;
    Await.until("the next reading", Duration.ofSeconds(5), () -> System.nanoTime() > end);
    long[] after = totals();
    long all = Arrays.stream(after).sum() - Arrays.stream(before).sum();
    return all == 0 ? 1 : (double) (after[3] - before[3]) / all;
  }

  private static long[] totals() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
      return Arrays.stream(lines.findFirst().orElseThrow().split(" +")).skip(1).mapToLong(Long::parseLong).toArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
