package io.weft.itests.postgres;

import io.weft.itests.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A server on loopback with its data in a temporary directory, run as the user postgres. Closing it ends it and removes the data. */
public final class Postgres implements AutoCloseable {

  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final Duration STEP_MAX = Duration.ofMinutes(2);

  private final Path directory;
  private final int port;

  private Postgres(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  public static boolean isInstalled() {
    return binaries().isPresent();
  }

  /** An empty server that lets replicas in. */
  public static Postgres create(int port) {
    Postgres server = new Postgres(temporary(), port);
    server.asPostgres("initdb", "-D", server.data(), "-A", "trust", "-U", "postgres", "--no-sync");
    server.start();
    return server;
  }

  /** A copy, made with pg_basebackup from the server behind {@code primaryPort}, that follows it. */
  public static Postgres replicaOf(int primaryPort, int port) {
    Postgres server = new Postgres(temporary(), port);
    server.asPostgres("pg_basebackup", "-h", "127.0.0.1", "-p", Integer.toString(primaryPort), "-U", "postgres", "-D", server.data(), "-R",
        "-X", "stream", "--checkpoint=fast", "--no-sync");
    server.start();
    return server;
  }

  public void execute(String sql) {
    query(sql);
  }

  /** What psql prints: rows on lines, columns between bars. */
  public String query(String sql) {
    return asPostgres("psql", "-h", "127.0.0.1", "-p", Integer.toString(port), "-U", "postgres", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql)
        .strip();
  }

  @Override
  public void close() {
    asPostgres("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start() {
    asPostgres("pg_ctl", "-D", data(), "-w", "-l", directory.resolve("log").toString(), "-o",
        "-h 127.0.0.1 -p " + port + " -k " + directory + " -c fsync=off -c wal_retrieve_retry_interval=500ms", "start");
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private String asPostgres(String program, String... args) {
    List<String> words = new ArrayList<>(List.of("runuser", "-u", "postgres", "--", binaries().orElseThrow().resolve(program).toString()));
    words.addAll(List.of(args));
    return Command.of(words).in(directory).within(STEP_MAX).run().orFail();
  }

  private static Path temporary() {
    try {
      Path directory = Files.createTempDirectory("weftpg");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      Command.of("chown", "postgres", directory.toString()).run().orFail();
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the newest version. */
  private static Optional<Path> binaries() {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      return versions.map(v -> v.resolve("bin")).filter(bin -> Files.isExecutable(bin.resolve("postgres"))).max(Comparator.naturalOrder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
