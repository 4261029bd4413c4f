package io.weft.store.postgres;

import io.weft.store.Bounds;
import io.weft.store.postgres.server.ProgramSource;
import io.weft.store.postgres.server.SharedPrograms;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.RealTime;
import io.weft.testkit.ServerProcess;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A home with the node's own PostgreSQL, from the archive that nodes have. */
public final class StoreRig implements AutoCloseable {

  /** Generous: the machine is shared. */
  public static final Duration SOON = Duration.ofSeconds(60);

  private final Path home = SharedPrograms.home("weft-store");
  private final RealTime time = new RealTime();
  private final List<PostgresStore> stores = new ArrayList<>();
  private final FakeSecrets secrets = new FakeSecrets();

  private final Optional<ProgramSource> programs;

  /** With the programs that nodes have. */
  public StoreRig() {
    this(programs());
  }

  /** @param programs empty: those of the machine */
  StoreRig(Optional<ProgramSource> programs) {
    this.programs = programs;
  }

  /** The archive as the bundle store.binaries carries it. */
  public static Optional<ProgramSource> programs() {
    return Optional.of(new ProgramSource() {
      @Override
      public String version() {
        return "18.6.0";
      }

      @Override
      public InputStream open() {
        return StoreRig.class.getResourceAsStream("/postgres-linux-x86_64.txz");
      }
    });
  }

  public Path home() {
    return home;
  }

  public FakeSecrets secrets() {
    return secrets;
  }

  public RealTime time() {
    return time;
  }

  /** A store that serves. */
  public PostgresStore open(Map<String, Object> more) {
    PostgresStore store = begin(more);
    awaitUp(store);
    return store;
  }

  public PostgresStore begin(Map<String, Object> more) {
    Map<String, Object> values = new HashMap<>(Map.of("memory_mb", 16));
    values.putAll(more);
    PostgresStore store = new PostgresStore(FakeConfig.of(StoreConfig.class, values),
        new FakeNode(new FakeIdentity("demo", "a"), "demo", 1, home), secrets, time, time, () -> programs);
    stores.add(store);
    return store;
  }

  public static void awaitUp(PostgresStore store) {
    Await.until("the store to serve: " + store.info(), SOON, () -> store.info().reachable());
  }

  /** A connection of the administrator of the node's own server, for what the owner of the database may not do. */
  public java.sql.Connection admin() throws Exception {
    Path place = home.resolve("data/store.postgres");
    var source = new org.postgresql.ds.PGSimpleDataSource();
    source.setURL("jdbc:postgresql://127.0.0.1:" + java.nio.file.Files.readString(place.resolve("port")).strip() + "/weft");
    source.setUser("weft_admin");
    source.setPassword(java.nio.file.Files.readString(place.resolve("admin.password")).strip());
    return source.getConnection();
  }

  /** The first column of the first row. */
  public static String query(PostgresStore store, String sql) throws SQLException {
    return store.read(Bounds.within(SOON), connection -> {
      try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
        return rows.next() ? rows.getString(1) : "";
      }
    });
  }

  public static void execute(PostgresStore store, String sql) throws SQLException {
    store.transact(Bounds.within(SOON), connection -> {
      try (Statement statement = connection.createStatement()) {
        return statement.execute(sql);
      }
    }).orThrow();
  }

  @Override
  public void close() {
    stores.forEach(PostgresStore::close);
    time.close();
    ServerProcess.delete(home);
  }
}
