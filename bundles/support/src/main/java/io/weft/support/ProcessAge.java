package io.weft.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * How long this process has run, to a hundredth of a second. What the JDK knows about that is wrong by up to a second, because Linux says when
 * it booted in whole seconds.
 */
public final class ProcessAge {

  private static final int START_TIME = 19; // of the fields after the name, see proc_pid_stat(5)
  private static final long MILLIS_PER_TICK = 10; // USER_HZ is 100 in everything that /proc shows

  private ProcessAge() {}

  /** Since the kernel made the process; a restart of the framework does not change it. As the JDK has it where there is no {@code /proc}. */
  public static Duration now() {
    try {
      return of(read("/proc/self/stat"), read("/proc/uptime"));
    } catch (IOException e) {
      Instant now = Instant.now();
      return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
    }
  }

  static Duration of(String stat, String uptime) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long started = Long.parseLong(fields[START_TIME]) * MILLIS_PER_TICK;
    long up = Long.parseLong(uptime.substring(0, uptime.indexOf(' ')).replace(".", "")) * MILLIS_PER_TICK;
    return Duration.ofMillis(Math.max(0, up - started));
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
  }
}
