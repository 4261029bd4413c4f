package io.weft.launcher.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server that a demo starts on loopback. A guard ends it even if this process is killed. */
final class DemoServer implements AutoCloseable {

  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final Duration STEP_MAX = Duration.ofSeconds(60);
  private static final Duration END_MAX = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int CONNECT_MILLIS_MAX = 500;

  private static final String GUARD = """
      trap '' INT TERM HUP
      exec 3<&0 </dev/null
      signal=$1
      shift
      "$@" 3<&- &
      server=$!
      { cat <&3 >/dev/null; kill -"$signal" "$server"; } 2>/dev/null &
      wait "$server"
      """;

  private final String name;
  private final Path log;
  private final Process guard;

  private DemoServer(String name, Path log, Process guard) {
    this.name = name;
    this.log = log;
    this.guard = guard;
  }

  /**
   * Starts it and returns at once.
   *
   * @param signal that ends it: {@code KILL}, {@code QUIT}
   * @param log gets what it prints
   */
  static DemoServer start(String name, String signal, Path log, List<String> command) throws IOException {
    List<String> words = new ArrayList<>(List.of("sh", "-c", GUARD, "guard", signal));
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words).directory(log.getParent().toFile());
    return new DemoServer(name, log, builder.redirectErrorStream(true).redirectOutput(log.toFile()).start());
  }

  /** Runs a step of the set-up to its end; what it printed. */
  static String run(Path directory, List<String> command) throws IOException, DemoFailed, InterruptedException {
    Path out = Files.createTempFile(directory, "step", null);
    try {
      Process process = new ProcessBuilder(command).directory(directory.toFile())
          .redirectErrorStream(true).redirectOutput(out.toFile()).start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(STEP_MAX.toMillis(), TimeUnit.MILLISECONDS);
      String said = Files.readString(out, StandardCharsets.UTF_8).strip();
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new DemoFailed(command.get(0) + " " + (ended ? "ended with " + process.exitValue() : "does not end") + ": "
            + lastLine(said));
      }
      return said;
    } finally {
      Files.delete(out);
    }
  }

  /** The first number with dots that a program prints when it is asked for its version. */
  static String version(Path directory, Path program) throws IOException, DemoFailed, InterruptedException {
    return run(directory, List.of(program.toString(), "--version")).replaceAll("(?s)^.*?(\\d+(?:\\.\\d+)+).*$", "$1");
  }

  /** Waits until it accepts connections. */
  void awaitPort(InetSocketAddress address) throws DemoFailed, IOException {
    long end = System.nanoTime() + START_MAX.toNanos();
    while (!accepts(address)) {
      if (!guard.isAlive()) {
        throw new DemoFailed(name + " ended with " + guard.exitValue() + ": " + lastLine(Files.readString(log).strip()));
      }
      if (System.nanoTime() - end > 0) {
        throw new DemoFailed(name + " does not listen within " + START_MAX.toSeconds() + " s");
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private static boolean accepts(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, CONNECT_MILLIS_MAX);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static String lastLine(String text) {
    return text.substring(text.lastIndexOf('\n') + 1);
  }

  @Override
  public void close() {
    try {
      guard.getOutputStream().close();
      if (!guard.waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("weft: " + name + " does not end");
      }
    } catch (IOException e) {
      System.err.println("weft: could not end " + name + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the guard does its work all the same
    }
  }
}
