package io.weft.store.postgres.server;

import io.weft.support.file.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Where the server keeps everything.
 *
 * @param directory ours, closed to others but for passing through
 */
record Place(Path directory) {

  static final String ADMIN = "admin.password";

  private static final Path ELSEWHERE = Path.of("/var/lib/weft");
  private static final String POINTER = "store.postgres.elsewhere";

  /** The data directory of PostgreSQL. */
  Path cluster() {
    return directory.resolve("cluster");
  }

  /** Unpacked programs, by version. */
  Path programs() {
    return directory.resolve("programs");
  }

  /** What the server writes before it has a log. */
  Path output() {
    return directory.resolve("output.txt");
  }

  /**
   * Finds or makes the place.
   *
   * @param wanted empty: below the home, or where the user can get to
   */
  static Place of(Path home, String wanted, ServerUser user, Commands commands) throws ServerFailed {
    try {
      if (!wanted.isEmpty()) {
        Path directory = make(home.resolve(wanted).toAbsolutePath().normalize());
        return reached(directory, home, user, commands) ? new Place(directory) : refuse(directory, user);
      }
      Path directory = home.resolve("data/store.postgres").toAbsolutePath().normalize();
      Path pointer = home.resolve("data").resolve(POINTER);
      if (Files.isRegularFile(pointer)) {
        return new Place(make(Path.of(Files.readString(pointer).strip())));
      }
      if (reached(make(directory), home, user, commands)) {
        return new Place(directory);
      }
      Path elsewhere = ELSEWHERE.resolve("store-" + random(8));
      Files.createDirectories(ELSEWHERE);
      make(elsewhere);
      if (!reached(elsewhere, home, user, commands)) {
        return refuse(directory, user);
      }
      Files.writeString(pointer, elsewhere + "\n");
      return new Place(elsewhere);
    } catch (IOException e) {
      throw new ServerFailed("cannot keep a database below " + home + ": " + e, e);
    }
  }

  private static Place refuse(Path directory, ServerUser user) throws ServerFailed {
    throw new ServerFailed("the " + user.inWords() + " cannot get to " + directory
        + ", because a directory above it is closed; set store.postgres.directory, for example to /var/lib/weft");
  }

  private static Path make(Path directory) throws IOException {
    return Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Opens our own directories, from the home downwards, for passing through; those above are not ours to open. */
  private static boolean reached(Path directory, Path home, ServerUser user, Commands commands) throws IOException, ServerFailed {
    if (user.name().isEmpty() || user.reaches(directory, commands)) {
      return true;
    }
    user.letThrough(directory);
    Path top = home.toAbsolutePath().normalize();
    if (directory.startsWith(top)) {
      for (Path path = directory.getParent(); path != null && path.startsWith(top); path = path.getParent()) {
        user.letThrough(path);
      }
    }
    return user.reaches(directory, commands);
  }

  /** A secret that is made once and kept, readable for whoever runs the node. That of the administrator cannot be made again. */
  String secret(String name) throws ServerFailed {
    Path file = directory.resolve(name);
    try {
      if (Files.isRegularFile(file)) {
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
      }
      if (name.equals(ADMIN) && Files.exists(cluster())) {
        throw new ServerFailed("the database in " + cluster() + " is there, but its password in " + file
            + " is gone; put the file back, or set store.postgres.directory to another place");
      }
      String secret = random(24);
      WholeFile.writePrivate(file, (secret + "\n").getBytes(StandardCharsets.US_ASCII), WholeFile.Sync.NAME);
      return secret;
    } catch (IOException e) {
      throw new ServerFailed("cannot keep a password in " + file + ": " + e, e);
    }
  }

  private static String random(int bytes) {
    byte[] drawn = new byte[bytes];
    new SecureRandom().nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }
}
