package io.weft.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A server that a test starts, with a temporary directory of its own. Closing it kills the server and removes the directory. */
public final class ServerProcess implements AutoCloseable {

  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final List<Path> PLACES = List.of(Path.of("/usr/bin"), Path.of("/usr/sbin"), Path.of("/usr/local/bin"));

  private final Path directory;
  private final List<String> command;
  private final int port;
  private Process process;

  private ServerProcess(Path directory, List<String> command, int port) {
    this.directory = directory;
    this.command = command;
    this.port = port;
  }

  /** Where a program is, if it is. */
  public static Optional<Path> find(String program) {
    return PLACES.stream().map(place -> place.resolve(program)).filter(Files::isExecutable).findFirst();
  }

  /** Where a program is. Where it is missing, the test is skipped and says so; where {@code CI=true}, it fails. */
  public static Path require(String program) {
    return find(program).orElseGet(() -> missing("the program " + program));
  }

  /** Skips the test, or fails it where {@code CI=true}. */
  public static <T> T missing(String what) {
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(what + " is missing, and CI=true asks for every test");
    }
    return Assumptions.abort(what + " is missing");
  }

  public static Path temporaryDirectory(String prefix) {
    try {
      return Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts it and waits until it accepts connections.
   *
   * @param directory gets its output, is its working directory, and is removed at the end
   * @param port on loopback
   */
  public static ServerProcess start(Path directory, List<String> command, int port) {
    ServerProcess server = new ServerProcess(directory, new ArrayList<>(command), port);
    server.start();
    return server;
  }

  /** As {@link #start(Path, List, int)}, without waiting for it. */
  public static ServerProcess launch(Path directory, List<String> command, int port) {
    ServerProcess server = new ServerProcess(directory, new ArrayList<>(command), port);
    server.launch();
    return server;
  }

  /** Starts it again after {@link #kill}. */
  public void start() {
    launch();
    awaitPort();
  }

  public void launch() {
    try {
      process = new ProcessBuilder(command)
          .directory(directory.toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("output").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void awaitPort() {
    Await.until(command.get(0) + " to listen on " + port, START_MAX, () -> {
      if (!process.isAlive()) {
        throw new AssertionError(command.get(0) + " ended with " + process.exitValue() + ": " + output());
      }
      return accepts();
    });
  }

  /** Without a chance to say goodbye. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  public long pid() {
    return process.pid();
  }

  /** The last lines that it wrote. */
  public String output() {
    try {
      String all = Files.readString(directory.resolve("output"));
      return all.substring(Math.max(0, all.length() - 4_000));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    kill();
    delete(directory);
  }

  /** A directory and everything in it. */
  public static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new AssertionError(command.get(0) + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
