package io.weft.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A pgbouncer before a PostgreSQL on loopback, which lets clients share connections. */
public final class PoolerProcess implements AutoCloseable {

  private final int port = FreePorts.tcp(1).get(0);
  private final ServerProcess process;

  /**
   * Starts it.
   *
   * @param database port of the server
   * @param user who it signs in to the server as, whatever its client says
   */
  public PoolerProcess(int database, String user, String password) {
    Path program = ServerProcess.require("pgbouncer");
    Path directory = ServerProcess.temporaryDirectory("weft-pooler");
    try {
      Path users = Files.writeString(directory.resolve("users"), "\"" + user + "\" \"" + password + "\"\n");
      Path settings = Files.writeString(directory.resolve("settings"), String.join("\n",
          "[databases]", "* = host=127.0.0.1 port=" + database, "[pgbouncer]", "listen_addr = 127.0.0.1", "listen_port = " + port,
          "auth_type = trust", "auth_file = " + users, "pool_mode = transaction", "ignore_startup_parameters = extra_float_digits",
          "unix_socket_dir =", "default_pool_size = 5", ""));
      if (!PostgresServer.asPostgres().isEmpty()) {
        new ProcessBuilder("chown", "-R", "postgres", directory.toString()).start().waitFor();
      }
      List<String> words = new ArrayList<>(PostgresServer.asPostgres());
      words.addAll(List.of(program.toString(), settings.toString()));
      process = ServerProcess.start(directory, words, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    process.close();
  }
}
