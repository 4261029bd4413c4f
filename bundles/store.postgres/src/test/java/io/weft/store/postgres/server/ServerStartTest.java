package io.weft.store.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weft.store.postgres.StoreRig;
import io.weft.testkit.Await;
import io.weft.testkit.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Starting from whatever is there. */
class ServerStartTest {

  private static final Duration STOP_MAX = Duration.ofSeconds(60);

  private final Path home = SharedPrograms.home("weft-start");
  private final List<OwnServer.Running> running = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (OwnServer.Running server : running) {
      if (server.postmaster().process().isAlive()) {
        server.postmaster().stop(STOP_MAX, new Commands(home));
      }
    }
    ServerProcess.delete(home);
  }

  /** A half-made cluster, a clean stop, a pid file that names another process, and a kill. */
  @Test
  void whatWasCommittedIsThereWhateverWasInTheWay() throws Exception {
    Files.writeString(Files.createDirectories(home.resolve("data/store.postgres/cluster.new/base")).resolve("1"), "half");
    OwnServer.Running first = bringUp(16);
    run(first, "CREATE TABLE entry (id int); INSERT INTO entry VALUES (1)");
    assertThat(first.postmaster().stop(STOP_MAX, new Commands(home))).isEqualTo("fast");

    Path cluster = home.resolve("data/store.postgres/cluster");
    Files.writeString(cluster.resolve("postmaster.pid"), ProcessHandle.current().pid() + "\n" + cluster
        + "\n1\n1\n\n127.0.0.1\n1 1\nready\n");
    OwnServer.Running second = bringUp(16);
    assertThat(second.postmaster().port()).isEqualTo(first.postmaster().port());
    run(second, "INSERT INTO entry VALUES (2)");
    List<ProcessHandle> all = new ArrayList<>(second.postmaster().process().children().toList());
    second.postmaster().process().destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    Await.until("it to be gone", StoreRig.SOON, () -> !second.postmaster().process().isAlive()
        && all.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(count(bringUp(16))).isEqualTo("2");
  }

  @Test
  void oneThatWasLeftBehindIsTakenOverOrReplaced() throws Exception {
    OwnServer.Running left = bringUp(16);
    isClosedToOthers(left);
    run(left, "CREATE TABLE entry (id int)");
    assertThat(bringUp(16).postmaster().process()).isEqualTo(left.postmaster().process());
    OwnServer.Running other = bringUp(17);
    assertThat(other.postmaster().process()).isNotEqualTo(left.postmaster().process());
    assertThat(left.postmaster().process().isAlive()).isFalse();
    assertThat(other.postmaster().port()).isEqualTo(left.postmaster().port());
    assertThat(count(other)).isEqualTo("0");
  }

  private void isClosedToOthers(OwnServer.Running server) throws Exception {
    Path process = Path.of("/proc", Long.toString(server.postmaster().process().pid()));
    assertThat(Files.getAttribute(process, "unix:uid")).isNotEqualTo(0);
    assertThat(Files.readString(process.resolve("status"))).contains("CapEff:\t0000000000000000");
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(server.endpoint().url());
    source.setUser("weft");
    source.setPassword("wrong");
    assertThatThrownBy(source::getConnection).isInstanceOfSatisfying(SQLException.class,
        e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    for (String secret : List.of("admin.password", "weft.password")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("data/store.postgres").resolve(secret))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void dataOfAnotherVersionIsLeftAlone() throws Exception {
    Path cluster = Files.createDirectories(home.resolve("data/store.postgres/cluster"));
    Files.writeString(cluster.resolve("PG_VERSION"), "12\n");
    Files.writeString(home.resolve("data/store.postgres/admin.password"), "x\n");
    assertThatThrownBy(() -> bringUp(16)).isInstanceOf(ServerFailed.class)
        .hasMessageContaining("is of PostgreSQL 12, the programs are 18.6; dump it with programs of version 12");
  }

  @Test
  void rootIsNoUserToRunIt() {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    assertThatThrownBy(() -> ServerUser.find("root", new Commands(home))).hasMessageContaining("without the rights of root");
    assertThatThrownBy(() -> ServerUser.find("no-such-user",
        new Commands(home))).hasMessageContaining("there is no user 'no-such-user'");
  }

  private OwnServer.Running bringUp(int memoryMb) throws ServerFailed {
    ServerStart start = new ServerStart(home, new ServerOptions("", 0, "", memoryMb, "weft", null), StoreRig::programs,
        () -> false);
    long end = System.nanoTime() + StoreRig.SOON.toNanos();
    while (true) {
      try {
        OwnServer.Running server = start.bringUp(words -> {});
        running.add(server);
        return server;
      } catch (ServerFailed e) {
        // Processes of a server that was killed hold its memory for a moment, which the supervisor gets over by trying again.
        if (System.nanoTime() > end || !e.getMessage().contains("does not start")) {
          throw e;
        }
      }
    }
  }

  private static void run(OwnServer.Running server, String sql) throws SQLException {
    try (Connection connection = connect(server); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String count(OwnServer.Running server) throws SQLException {
    try (Connection connection = connect(server); Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM entry")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static Connection connect(OwnServer.Running server) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(server.endpoint().url());
    source.setUser(server.endpoint().user());
    source.setPassword(server.endpoint().password().get());
    return source.getConnection();
  }
}
