package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.net.Ports;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import io.weft.testkit.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The database that a node runs for its plugins: whoever dies, what was committed is there. */
class StoreIT {

  private static final Duration SOON = Duration.ofSeconds(90);

  @Test
  void whatWasCommittedOutlivesTheNodeAndTheServer() throws Exception {
    Path directory = ServerProcess.temporaryDirectory("weft-store-it");
    int port = Ports.freeTcp();
    try (ProcessFabric fabric = ProcessFabric.of(
        config -> config.line("store.postgres: {directory: \"" + directory + "\", port: " + port + ", memory.mb: 16}"), "a")) {
      NodeProcess node = fabric.node("a").features("core,node,ops,billing").start();
      awaitServed(node, directory, port);
      assertThat(node.status().get("listeners").toString()).contains("127.0.0.1:" + port);
      Await.until("the books to be there", SOON, () -> node.ask("billing:migrate", "status", "--json").out().contains("\"state\": \"ready\""));
      execute(directory, port, "CREATE TABLE entry (id int); INSERT INTO entry VALUES (1)");
      long first = server(directory);

      node.kill();
      execute(directory, port, "INSERT INTO entry VALUES (2)");
      node.start();
      awaitServed(node, directory, port);
      assertThat(server(directory)).as("the server goes on").isEqualTo(first);
      assertThat(node.log()).contains("store adopted pid=" + first);

      ProcessHandle.of(first).orElseThrow().destroyForcibly();
      Await.until("another server", SOON, () -> pid(directory) != first && counts(directory, port) == 2);

      long last = server(directory);
      assertThat(node.terminate(SOON)).isZero();
      Await.until("the server to be gone", SOON, () -> ProcessHandle.of(last).isEmpty());
    } finally {
      // Left running only where something above has failed.
      ProcessHandle.of(Math.max(1, pid(directory))).filter(p -> p.pid() > 1).ifPresent(ProcessHandle::destroyForcibly);
      ServerProcess.delete(directory);
    }
  }

  private static void awaitServed(NodeProcess node, Path directory, int port) {
    Await.until("the store to serve", SOON, () -> ((List<?>) node.status().getOrDefault("health", List.of())).stream()
        .map(Map.class::cast).anyMatch(h -> "store".equals(h.get("name")) && "ok".equals(h.get("status"))));
    Await.until("the database to be there", SOON, () -> {
      try (Connection connection = connect(directory, port)) {
        return connection.isValid(5);
      } catch (SQLException e) {
        return false;
      }
    });
  }

  private static int counts(Path directory, int port) {
    try (Connection connection = connect(directory, port); Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM entry")) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException | IOException e) {
      return -1; // not there yet
    }
  }

  private static void execute(Path directory, int port, String sql) throws Exception {
    try (Connection connection = connect(directory, port); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(Path directory, int port) throws SQLException, IOException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://127.0.0.1:" + port + "/weft");
    source.setUser("weft");
    source.setPassword(Files.readString(directory.resolve("weft.password")).strip());
    source.setConnectTimeout(5);
    source.setSocketTimeout(30);
    return source.getConnection();
  }

  private static long server(Path directory) {
    long pid = pid(directory);
    assertThat(pid).isPositive();
    return pid;
  }

  /** 0 if there is none. */
  private static long pid(Path directory) {
    try {
      return Files.readString(directory.resolve("cluster/postmaster.pid")).lines().findFirst().map(String::strip).map(Long::parseLong).orElse(0L);
    } catch (IOException e) {
      return 0;
    }
  }
}
