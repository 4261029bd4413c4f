package io.weft.store.postgres.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process of the server, ours or one that an earlier process of this node left.
 *
 * @param port where it listens on 127.0.0.1
 */
record Postmaster(ProcessHandle process, int port) {

  /** A setting of no meaning to PostgreSQL, by which a server shows with what it was started. */
  private static final String STAMP = "weft.stamp=";

  private static final int PID_LINES_MAX = 16;

  /** What {@code postmaster.pid} says: process, port, and whether it serves. */
  private record PidFile(long pid, int port, boolean ready) {}

  /** @param settings beside these there is the stamp */
  static List<String> words(Programs programs, Path cluster, List<String> settings, String stamp) {
    List<String> words = new ArrayList<>(List.of(programs.program("postgres"), "-D", cluster.toString()));
    settings.forEach(setting -> words.addAll(List.of("-c", setting)));
    words.addAll(List.of("-c", STAMP + stamp));
    return words;
  }

  /**
   * One that runs on this data directory.
   *
   * <p>The file may be of a process that is gone, and its number may be another process's since: only one that was started on
   * this
   * directory counts. If none was, the file is removed, since PostgreSQL would believe it.
   */
  static Optional<Postmaster> find(Path cluster) throws ServerFailed {
    Optional<PidFile> file = read(cluster);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Optional<ProcessHandle> process = ProcessHandle.of(file.get().pid()).filter(p -> isServerOf(p, cluster));
    if (process.isEmpty()) {
      try {
        Files.deleteIfExists(cluster.resolve("postmaster.pid"));
      } catch (IOException e) {
        throw new ServerFailed("cannot remove the stale " + cluster.resolve("postmaster.pid") + ": " + e.getMessage(), e);
      }
    }
    return process.map(p -> new Postmaster(p, file.get().port()));
  }

  private static boolean isServerOf(ProcessHandle process, Path cluster) {
    return arguments(process).contains(cluster.toString());
  }

  /** Read from /proc, because {@link ProcessHandle#info} leaves out arguments that are long. */
  private static List<String> arguments(ProcessHandle process) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
      return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"));
    } catch (IOException e) {
      return List.of(); // gone meanwhile
    }
  }

  boolean wasStartedWith(String stamp) {
    return arguments(process).contains(STAMP + stamp);
  }

  /** Whether it takes connections: after a start it may have to recover for a while. */
  boolean isReady(Path cluster) throws ServerFailed {
    return read(cluster).filter(file -> file.pid() == process.pid()).map(PidFile::ready).orElse(false);
  }

  private static Optional<PidFile> read(Path cluster) throws ServerFailed {
    Path path = cluster.resolve("postmaster.pid");
    try {
      List<String> lines = Files.readString(path).lines().limit(PID_LINES_MAX).map(String::strip).toList();
      if (lines.isEmpty() || !lines.get(0).matches("[1-9][0-9]{0,9}")) {
        return Optional.empty();
      }
      int port = lines.size() > 3 && lines.get(3).matches("[0-9]{1,5}") ? Integer.parseInt(lines.get(3)) : 0;
      return Optional.of(new PidFile(Long.parseLong(lines.get(0)), port, lines.size() > 7 && lines.get(7).equals("ready")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ServerFailed("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  CompletionStage<ProcessHandle> ended() {
    return process.onExit();
  }

  /**
   * Stops it: sessions are cut and everything is written; if that takes too long, it stops as it is and recovers at the next
   * start.
   *
   * @return how: fast, immediate or killed
   */
  String stop(Duration most, Commands commands) throws ServerFailed {
    long half = most.toMillis() * 2 / 3;
    if (signalled("INT", half, commands)) {
      return "fast";
    }
    if (signalled("QUIT", most.toMillis() - half, commands)) {
      return "immediate";
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    return "killed";
  }

  private boolean signalled(String signal, long millis, Commands commands) throws ServerFailed {
    if (process.isAlive()) {
      commands.run(Duration.ofSeconds(5), List.of("sh", "-c", "kill -" + signal + " \"$1\"", "sh", Long.toString(process.pid())));
    }
    try {
      process.onExit().get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new ServerFailed("cannot wait for process " + process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
