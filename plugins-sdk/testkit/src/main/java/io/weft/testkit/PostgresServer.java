package io.weft.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PostgreSQL of this machine, on loopback and without passwords for the user postgres; run by that user where the tests are run by
 * root. Where there is none the test is skipped, or fails where {@code CI=true}.
 */
public final class PostgresServer implements AutoCloseable {

  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final Duration SERVE_MAX = Duration.ofSeconds(60);

  private final Path directory = ServerProcess.temporaryDirectory("weft-postgres");
  private final Path programs = programs();
  private final int port = FreePorts.tcp(1).get(0);
  private final List<String> settings;
  private final ServerProcess server;

  /** @param settings such as {@code fsync=off}, which a test can do with: what was written stays with the kernel */
  public PostgresServer(String... settings) {
    this.settings = List.of(settings);
    own();
    run(as("initdb", "-D", data().toString(), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"));
    List<String> words = new ArrayList<>(as("postgres", "-D", data().toString(), "-h", "127.0.0.1", "-p", Integer.toString(port), "-k",
        directory.toString()));
    this.settings.forEach(setting -> words.addAll(List.of("-c", setting)));
    server = ServerProcess.launch(directory, words, port);
    awaitServed();
  }

  public int port() {
    return port;
  }

  /** Of the user postgres; without any option of the driver. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
  }

  /** Where everything is; removed at the end. */
  public Path directory() {
    return directory;
  }

  public Path data() {
    return directory.resolve("data");
  }

  /** Gives what the test wrote into the directory to the user who runs the server. */
  public void own() {
    if (isRoot()) {
      run(List.of("chown", "-R", "postgres", directory.toString()));
    }
  }

  /** Kills all its processes and starts it again: what was committed must be there afterwards, because the log is replayed. */
  public void crash() {
    kill();
    server.launch();
    awaitServed();
  }

  /** Kills all its processes. */
  public void kill() {
    ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(postmaster.children().toList());
    all.add(0, postmaster);
    all.forEach(ProcessHandle::destroyForcibly);
    server.kill();
    Await.until("the server to be gone", SERVE_MAX, () -> all.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** What {@code pg_dump} writes; without options, everything in the database postgres. */
  public String dump(String... options) {
    List<String> words = new ArrayList<>(as("pg_dump", "-h", "127.0.0.1", "-p", Integer.toString(port), "-U", "postgres", "-f",
        directory.resolve("dump").toString(), "postgres"));
    words.addAll(List.of(options));
    run(words);
    try {
      return Files.readString(directory.resolve("dump"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitServed() {
    Await.until("PostgreSQL to serve", SERVE_MAX, () -> {
      if (!ProcessHandle.of(server.pid()).filter(ProcessHandle::isAlive).isPresent()) {
        throw new AssertionError("PostgreSQL has ended: " + server.output());
      }
      return new ProcessBuilder(programs.resolve("pg_isready").toString(), "-q", "-h", "127.0.0.1", "-p", Integer.toString(port)).start()
          .waitFor() == 0;
    });
  }

  @Override
  public void close() {
    try {
      if (ProcessHandle.of(server.pid()).filter(ProcessHandle::isAlive).isPresent()) {
        run(as("pg_ctl", "-D", data().toString(), "-m", "immediate", "-w", "stop"));
      }
    } finally {
      server.close();
    }
  }

  /** Words that run one of its programs as the user who runs the server. */
  private List<String> as(String program, String... arguments) {
    List<String> words = new ArrayList<>(asPostgres());
    words.add(programs.resolve(program).toString());
    words.addAll(List.of(arguments));
    return words;
  }

  /** Words before a command of somebody who is not root, which PostgreSQL and what belongs to it want. */
  public static List<String> asPostgres() {
    return isRoot() ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--") : List.of();
  }

  private void run(List<String> words) {
    try {
      Process process = new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("steps").toFile())).start();
      if (process.waitFor() != 0) {
        throw new AssertionError(words + " failed: " + Files.readString(directory.resolve("steps")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Of the newest version. */
  private static Path programs() {
    if (!Files.isDirectory(INSTALLED)) {
      return ServerProcess.missing("PostgreSQL in " + INSTALLED);
    }
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      Optional<Path> newest = versions.map(v -> v.resolve("bin")).filter(b -> Files.isExecutable(b.resolve("initdb"))).max(Path::compareTo);
      return newest.orElseGet(() -> ServerProcess.missing("PostgreSQL in " + INSTALLED));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
