package io.weft.store.postgres.failover;

import io.weft.node.Clock;
import io.weft.store.FailoverReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was done and found, each line on disk before the next step begins. */
final class Transcript {

  private static final Logger log = LoggerFactory.getLogger(Transcript.class);

  private final List<FailoverReport.Line> lines = new ArrayList<>();
  private final Clock clock;
  private final @Nullable Path file;

  private Transcript(Clock clock, @Nullable Path file) {
    this.clock = clock;
    this.file = file;
  }

  /** That is kept in memory only. */
  static Transcript ofPlan(Clock clock) {
    return new Transcript(clock, null);
  }

  /** @param directory is made if it is not there */
  static Transcript in(Path directory, Clock clock) throws NotProved {
    try {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      String name = "failover-" + clock.now().toString().replaceAll("[:.]", "-") + ".txt";
      return new Transcript(clock, Files.createFile(directory.resolve(name)));
    } catch (IOException e) {
      throw new NotProved("no transcript can be kept in " + directory + ": " + e.getMessage(), e);
    }
  }

  /** @throws NotProved if it cannot be written: nothing is done that nobody could read about later */
  void add(String step, boolean good, String text) throws NotProved {
    lines.add(new FailoverReport.Line(step, good, text));
    if (file == null) {
      return;
    }
    log.info("failover step={} good={} message=\"{}\"", step, good, text);
    try {
      Files.writeString(file, clock.now() + " " + step + " " + (good ? "ok   " : "FAIL ") + text + "\n", StandardCharsets.UTF_8,
          StandardOpenOption.APPEND, StandardOpenOption.DSYNC);
    } catch (IOException e) {
      throw new NotProved("the transcript cannot be written: " + e.getMessage(), e);
    }
  }

  /** The last word, for which it is too late to fail. */
  void end(String step, String text) {
    try {
      add(step, false, text);
    } catch (NotProved e) {
      log.warn("failover transcript not written problem=\"{}\"", e.getMessage());
    }
  }

  FailoverReport report(boolean possible) {
    return new FailoverReport(lines, possible, file == null ? "" : file.toString());
  }
}
