package io.weft.billing;

import io.weft.testkit.Await;
import io.weft.testkit.FreePorts;
import io.weft.testkit.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL on loopback, run by the user postgres where the tests are run by root. */
public final class PostgresServer implements AutoCloseable {

  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final Duration SERVE_MAX = Duration.ofSeconds(60);

  private final Path directory = ServerProcess.temporaryDirectory("weft-billing");
  private final Path binaries;
  private final int port = FreePorts.tcp(1).get(0);
  private ServerProcess server;

  public PostgresServer() throws Exception {
    binaries = installed().orElseGet(() -> ServerProcess.missing("PostgreSQL in " + INSTALLED));
    if (isRoot()) {
      run(List.of("chown", "-R", "postgres", directory.toString()));
    }
    run(asPostgres("initdb", "-D", data(), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"));
    start();
  }

  public int port() {
    return port;
  }

  /** Kills all its processes; what was committed must be there afterwards, because the log is replayed. */
  public void crash() throws Exception {
    ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(postmaster.children().toList());
    all.add(0, postmaster);
    all.forEach(ProcessHandle::destroyForcibly);
    server.kill();
    Await.until("the server to be gone", SERVE_MAX, () -> all.stream().noneMatch(ProcessHandle::isAlive));
    start();
  }

  private void start() {
    List<String> words = new ArrayList<>(asPostgres("postgres", "-D", data(), "-h", "127.0.0.1", "-p", Integer.toString(port),
        "-k", directory.toString()));
    // The machine never fails in a test, only processes do; and what they wrote stays with the kernel.
    for (String setting : List.of("fsync=off", "max_connections=200", "shared_buffers=256MB", "max_wal_size=2GB")) {
      words.addAll(List.of("-c", setting));
    }
    server = ServerProcess.start(directory, words, port);
    Await.until("PostgreSQL to serve", SERVE_MAX, this::serves);
  }

  private boolean serves() {
    try (Connection connection = source(port).getConnection(); Statement statement = connection.createStatement()) {
      return statement.execute("SELECT 1");
    } catch (SQLException e) {
      return false;
    }
  }

  static PGSimpleDataSource source(int port) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&connectTimeout=10&socketTimeout=60");
    return source;
  }

  @Override
  public void close() {
    try {
      run(asPostgres("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop"));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      server.close();
    }
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private List<String> asPostgres(String program, String... args) {
    List<String> words = new ArrayList<>();
    if (isRoot()) {
      words.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    }
    words.add(binaries.resolve(program).toString());
    words.addAll(List.of(args));
    return words;
  }

  private void run(List<String> words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("steps").toFile())).start();
    if (process.waitFor() != 0) {
      throw new AssertionError(words + " failed: " + Files.readString(directory.resolve("steps")));
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Of the newest version. */
  private static Optional<Path> installed() throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      return versions.map(v -> v.resolve("bin")).filter(b -> Files.isExecutable(b.resolve("initdb"))).max(Path::compareTo);
    }
  }
}
