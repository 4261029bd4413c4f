package io.weft.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.HealthStatus;
import io.weft.store.StoreUnavailable;
import io.weft.testkit.Await;
import io.weft.testkit.FreePorts;
import io.weft.testkit.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A pooler that shares connections lets two clients hold one lock; the store does not work through one. */
class PoolerTest {

  private static final String PASSWORD = "a good password";

  @Test
  void aPoolerIsFoundOutAndRefused() throws Exception {
    Path program = ServerProcess.require("pgbouncer");
    int port = FreePorts.tcp(1).get(0);
    try (StoreRig rig = new StoreRig()) {
      rig.secrets().put("secret:file/db", PASSWORD);
      PostgresStore direct = rig.open(Map.of("password", "secret:file/db"));
      String address = direct.listeners().get(0).address();
      try (ServerProcess pooler = pooler(program, port, address.substring(address.indexOf(':') + 1))) {
        PostgresStore through = rig.begin(Map.of("url", "jdbc:postgresql://127.0.0.1:" + port + "/weft?prepareThreshold=0",
            "user", "weft",
            "password", "secret:file/db"));
        assertThatThrownBy(() -> through.dedicated("lock")).isInstanceOf(StoreUnavailable.class).hasMessage(SelfTest.POOLED);
        Await.until("health to say so", StoreRig.SOON, () -> through.check().stream().anyMatch(
            r -> r.status() == HealthStatus.critical && r.message().equals(SelfTest.POOLED)));
        through.close();
        assertThat(pooler.pid()).isPositive();
      }
    }
  }

  private static ServerProcess pooler(Path program, int port, String database) throws Exception {
    Path directory = ServerProcess.temporaryDirectory("weft-pooler");
    Path users = Files.writeString(directory.resolve("users"), "\"weft\" \"" + PASSWORD + "\"\n");
    Path settings = Files.writeString(directory.resolve("settings"), String.join("\n",
        "[databases]", "* = host=127.0.0.1 port=" + database, "[pgbouncer]", "listen_addr = 127.0.0.1", "listen_port = " + port,
        "auth_type = trust", "auth_file = " + users, "pool_mode = transaction", "ignore_startup_parameters = extra_float_digits",
        "unix_socket_dir =", "default_pool_size = 5", ""));
    List<String> words = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      new ProcessBuilder("chown", "-R", "postgres", directory.toString()).start().waitFor();
      words.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    }
    words.addAll(List.of(program.toString(), settings.toString()));
    return ServerProcess.start(directory, words, port);
  }
}
