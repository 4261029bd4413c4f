package io.weft.store.postgres.failover;

import io.weft.testkit.Await;
import io.weft.testkit.FreePorts;
import io.weft.testkit.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** A primary with a replica that follows it, of the PostgreSQL that the machine has. */
final class ReplicaPair implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

  private final Path binaries = binaries();
  private final List<Integer> ports = FreePorts.tcp(2);
  private final List<Path> directories = new ArrayList<>();
  private final List<ServerProcess> servers = new ArrayList<>();

  ReplicaPair() throws Exception {
    Path first = directory();
    run(first, "initdb", "-D", first + "/data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8");
    Files.writeString(first.resolve("data/pg_hba.conf"),
        "host all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n");
    start(0);
    for (String sql : List.of("CREATE ROLE weft LOGIN", "CREATE DATABASE weft OWNER weft",
        "GRANT EXECUTE ON FUNCTION pg_promote TO weft")) {
      query(0, "postgres", "postgres", sql);
    }
    Path second = directory();
    run(second, "pg_basebackup", "-D", second + "/data", "-h", "127.0.0.1", "-p", "" + ports.get(0), "-U", "postgres", "-R",
        "--no-sync",
        "-c", "fast");
    start(1);
    Await.until("the replica to follow", SOON, () -> "1".equals(query(0, "postgres", "postgres",
        "SELECT count(*) FROM pg_stat_replication")));
  }

  String url() {
    return "jdbc:postgresql://" + name(0) + "," + name(1) + "/weft?targetServerType=primary";
  }

  String name(int server) {
    return "127.0.0.1:" + ports.get(server);
  }

  void kill(int server) {
    ProcessHandle postmaster = ProcessHandle.of(servers.get(server).pid()).orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(postmaster.children().toList());
    servers.get(server).kill();
    all.forEach(ProcessHandle::destroyForcibly);
    Await.until("the server to be gone", SOON, () -> all.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** The first column of the first row, if there is one. */
  String query(int server, String user, String database, String sql) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://" + name(server) + "/" + database);
    source.setUser(user);
    try (Connection connection = source.getConnection(); Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet row = statement.getResultSet()) {
        return row.next() ? row.getString(1) : "";
      }
    }
  }

  private void start(int server) {
    Path directory = directories.get(server);
    List<String> words = words("postgres", "-D", directory + "/data", "-h", "127.0.0.1", "-p", "" + ports.get(server), "-k",
        directory.toString(),
        "-c", "fsync=off", "-c", "shared_buffers=16MB");
    servers.add(ServerProcess.start(directory, words, ports.get(server)));
    Await.until("PostgreSQL to serve", SOON, () -> {
      try {
        return "1".equals(query(server, "postgres", "postgres", "SELECT 1"));
      } catch (SQLException e) {
        return false; // it starts
      }
    });
  }

  private Path directory() throws Exception {
    Path directory = ServerProcess.temporaryDirectory("weft-pair");
    directories.add(directory);
    if (isRoot()) {
      run(directory, List.of("chown", "postgres", directory.toString()));
    }
    return directory;
  }

  private void run(Path directory, String program, String... arguments) throws IOException, InterruptedException {
    run(directory, words(program, arguments));
  }

  private static void run(Path directory, List<String> words) throws IOException, InterruptedException {
    Path steps = Files.createTempFile("weft-pair", ".txt");
    Process process = new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true).redirectOutput(steps.toFile()).start();
    int exit = process.waitFor();
    String output = Files.readString(steps);
    Files.delete(steps);
    if (exit != 0) {
      throw new AssertionError(words + " failed: " + output);
    }
  }

  private List<String> words(String program, String... arguments) {
    List<String> words = new ArrayList<>();
    if (isRoot()) {
      words.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    }
    words.add(binaries.resolve(program).toString());
    words.addAll(List.of(arguments));
    return words;
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Of the newest version; a replica is made by a program that nodes do not have. */
  private static Path binaries() {
    if (!Files.isDirectory(INSTALLED)) {
      return ServerProcess.missing("PostgreSQL in " + INSTALLED);
    }
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      return versions.map(v -> v.resolve("bin")).filter(b -> Files.isExecutable(b.resolve("pg_basebackup"))).max(Path::compareTo)
          .orElseGet(() -> ServerProcess.missing("pg_basebackup"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < servers.size(); i++) {
      if (ProcessHandle.of(servers.get(i).pid()).filter(ProcessHandle::isAlive).isPresent()) {
        kill(i);
      }
    }
    servers.forEach(ServerProcess::close);
  }
}
