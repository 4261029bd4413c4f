package io.weft.store.postgres.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * PostgreSQL itself.
 *
 * @param bin directory with {@code initdb} and {@code postgres}
 * @param version such as {@code 18.6}
 */
record Programs(Path bin, String version) {

  /** The part that data directories depend on. */
  String major() {
    return version.substring(0, version.indexOf('.') < 0 ? version.length() : version.indexOf('.'));
  }

  String program(String name) {
    return bin.resolve(name).toString();
  }

  /** Unpacked, or found there from last time. Each version has a directory of its own, so a running server keeps its files. */
  static Programs unpacked(ProgramSource source, Place place) throws ServerFailed {
    Path target = place.programs().resolve(source.version());
    String version = source.version().replaceFirst("\\.0$", "");
    if (Files.isExecutable(target.resolve("bin/postgres"))) {
      return new Programs(target.resolve("bin"), version);
    }
    try {
      // No secret is in here, and the user that runs the server has to get in; the directory above keeps others out.
      Files.setPosixFilePermissions(Files.createDirectories(place.programs()), PosixFilePermissions.fromString("rwxr-xr-x"));
      Path fresh = Files.createTempDirectory(place.programs(), "new-");
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
      try (var in = source.open()) {
        Archive.unpack(in, fresh);
      }
      Files.move(fresh, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      return new Programs(target.resolve("bin"), version);
    } catch (IOException e) {
      throw new ServerFailed("cannot unpack PostgreSQL to " + place.programs() + ": " + e.getMessage(), e);
    }
  }
}
