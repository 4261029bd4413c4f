package io.weft.dcs.postgres;

import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.FreePorts;
import io.weft.testkit.RealTime;
import io.weft.testkit.ServerProcess;
import io.weft.testkit.TcpGate;
import io.weft.testkit.dcs.DcsRig;
import io.weft.testkit.dcs.GatedClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL on loopback, run by the user postgres where the tests are run by root. */
final class PgRig implements DcsRig {

  private final Path directory = ServerProcess.temporaryDirectory("weft-pg");
  private final Path binaries;
  private final int port = FreePorts.tcp(1).get(0);
  private final RealTime time = new RealTime();
  private final FakeSecrets secrets = new FakeSecrets();
  private final List<String> settings;
  private ServerProcess server;

  PgRig() throws Exception {
    this(List.of());
  }

  /** @param settings of the server, such as {@code fsync=off} */
  PgRig(List<String> settings) throws Exception {
    this.settings = List.copyOf(settings);
    binaries = installed().orElseGet(() -> ServerProcess.missing("PostgreSQL in /usr/lib/postgresql"));
    ownedByPostgres();
    run(asPostgres("initdb", "-D", data(), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"));
    start();
  }

  /** Gives what a test wrote to {@link #directory} to the user who runs the server. */
  void ownedByPostgres() throws Exception {
    if (isRoot()) {
      run(List.of("chown", "-R", "postgres", directory.toString()));
    }
  }

  Path directory() {
    return directory;
  }

  FakeSecrets secrets() {
    return secrets;
  }

  @Override
  public String server() {
    try {
      return "PostgreSQL " + query("SHOW server_version");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  String url(int at) {
    return "jdbc:postgresql://127.0.0.1:" + at + "/postgres?user=postgres";
  }

  int port() {
    return port;
  }

  RealTime time() {
    return time;
  }

  @Override
  public Client client() {
    return client(Map.of());
  }

  Client client(Map<String, Object> more) {
    TcpGate gate = new TcpGate(port);
    PgDcs dcs = dcs(gate.port(), more);
    return new GatedClient(dcs, dcs::close, List.of(gate));
  }

  PgDcs dcs(int at, Map<String, Object> more) {
    Map<String, Object> values = new HashMap<>(Map.of("url", url(at), "timeout_ms", 2_000));
    values.putAll(more);
    return new PgDcs(
        FakeConfig.of(PgConfig.class, values), new FakeNode(new FakeIdentity("demo", "n"), "demo", 1), secrets, time,
            time);
  }

  @Override
  public Duration ttl() {
    return Duration.ofSeconds(2);
  }

  @Override
  public boolean canRestart() {
    return true;
  }

  /** What was written must be there although nothing was shut down: the server's processes are killed, the log is replayed. */
  @Override
  public void restart() throws Exception {
    ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(postmaster.children().toList());
    all.add(0, postmaster);
    all.forEach(ProcessHandle::destroyForcibly);
    server.kill();
    Await.until("the server to be gone", Duration.ofSeconds(10), () -> all.stream().noneMatch(ProcessHandle::isAlive));
    start();
  }

  @Override
  public boolean canCompact() {
    return true;
  }

  @Override
  public void compact() throws Exception {
    query("SELECT weft_demo.dcs_forget(0)::text");
  }

  @Override
  public void close() {
    try {
      if (ProcessHandle.of(server.pid()).filter(ProcessHandle::isAlive).isPresent()) {
        run(asPostgres("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop"));
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      server.close();
    }
    time.close();
  }

  String query(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connect() throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url(port));
    return source.getConnection();
  }

  private void start() {
    List<String> words = new ArrayList<>(asPostgres("postgres", "-D", data(), "-h", "127.0.0.1", "-p", Integer.toString(port),
        "-k", directory.toString()));
    settings.forEach(setting -> words.addAll(List.of("-c", setting)));
    server = ServerProcess.start(directory, words, port);
    Await.until("PostgreSQL to serve", Duration.ofSeconds(60), () -> {
      try {
        return query("SELECT 1").equals("1");
      } catch (SQLException e) {
        return false;
      }
    });
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
    Path all = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(all)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(all)) {
      return versions.map(v -> v.resolve("bin")).filter(b -> Files.isExecutable(b.resolve("initdb"))).max(Path::compareTo);
    }
  }
}
