package io.weft.store.postgres.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** The data directory. Made under another name and renamed when it is whole, so that one that is there is never half. */
final class Cluster {

  static final String ADMIN = "weft_admin";

  private static final Duration INIT_MAX = Duration.ofMinutes(3);
  private static final String OWNER_ONLY = "rwx------";

  private final Place place;
  private final ServerUser user;
  private final Commands commands;

  Cluster(Place place, ServerUser user, Commands commands) {
    this.place = place;
    this.user = user;
    this.commands = commands;
  }

  /** Sees that there is one for these programs. */
  void prepare(Programs programs) throws ServerFailed {
    Path version = place.cluster().resolve("PG_VERSION");
    try {
      if (Files.exists(place.cluster())) {
        String found = Files.isReadable(version) ? Files.readString(version).strip() : "unknown";
        if (!found.equals(programs.major())) {
          throw new ServerFailed("the database in " + place.cluster() + " is of PostgreSQL " + found + ", the programs are "
              + programs.version() + "; dump it with programs of version " + found
              + ", move the directory away, and load the dump");
        }
        return;
      }
      create(programs);
    } catch (IOException e) {
      throw new ServerFailed("cannot read " + version + ": " + e.getMessage(), e);
    }
  }

  private void create(Programs programs) throws ServerFailed, IOException {
    String password = place.secret(Place.ADMIN);
    Path fresh = place.directory().resolve("cluster.new");
    remove(fresh);
    Path file = Files.createTempFile(place.directory(), "initdb-", "",
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.createDirectory(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
      Files.writeString(file, password + "\n");
      user.own(file);
      user.own(fresh);
      Commands.Result result = commands.run(INIT_MAX, user.words(programs.program("initdb"), "-D", fresh.toString(), "-U", ADMIN,
          "-A", "scram-sha-256", "--pwfile=" + file, "-E", "UTF8", "--no-locale", "--data-checksums"));
      if (!result.isOk()) {
        throw new ServerFailed("initdb failed: " + result.lastLine());
      }
      Files.writeString(fresh.resolve("pg_hba.conf"), "# Written by Weft once.\nhost all all 127.0.0.1/32 scram-sha-256\n");
      Files.move(fresh, place.cluster(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** What an initdb left that was interrupted; nothing was ever in it. */
  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (Files.isDirectory(directory, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          remove(file);
        }
      }
    }
    Files.delete(directory);
  }

  /**
   * What is said on the command line, so that it holds whatever is in the cluster's own files. Money is in here: all is synced.
   */
  List<String> settings(ServerOptions options, int port) {
    return List.of("listen_addresses=127.0.0.1", "port=" + port, "unix_socket_directories=", "max_connections=100",
        "shared_buffers=" + options.memoryMb() + "MB", "fsync=on", "full_page_writes=on", "synchronous_commit=on",
        "password_encryption=scram-sha-256", "logging_collector=on", "log_directory=log", "log_filename=postgresql-%a.log",
        "log_truncate_on_rotation=on", "log_rotation_age=1d", "log_min_messages=warning",
        // Statements and rows may hold what is personal.
        "log_min_error_statement=panic", "log_error_verbosity=terse", "log_parameter_max_length_on_error=0",
        "log_statement=none");
  }
}
