package io.weft.dcs.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.DcsUnavailable;
import io.weft.testkit.FreePorts;
import io.weft.testkit.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** A pooler that shares connections lets two clients hold one lock. No session is opened through one. */
class PgPoolerTest {

  @Test
  void aPoolerIsFoundOutAndRefused() throws Exception {
    Path program = ServerProcess.require("pgbouncer");
    int port = FreePorts.tcp(1).get(0);
    try (PgRig rig = new PgRig(); ServerProcess pooler = pooler(program, port, rig.port())) {
      PgDcs through = rig.dcs(port, Map.of());
      PgDcs direct = rig.dcs(rig.port(), Map.of());
      assertThat(through.open("pooled", Duration.ofSeconds(5)).toCompletableFuture())
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(DcsUnavailable.class)
          .withMessageContaining("pooler")
          .withMessageContaining("dcs.postgres.url");
      assertThat(direct.open("direct", Duration.ofSeconds(5)).toCompletableFuture()).succeedsWithin(Duration.ofSeconds(30));
      through.close();
      direct.close();
      assertThat(pooler.pid()).isPositive();
    }
  }

  private static ServerProcess pooler(Path program, int port, int database) throws Exception {
    Path directory = ServerProcess.temporaryDirectory("weft-pooler");
    Path users = Files.writeString(directory.resolve("users"), "\"postgres\" \"\"\n");
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
