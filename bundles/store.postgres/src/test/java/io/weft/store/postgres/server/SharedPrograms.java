package io.weft.store.postgres.server;

import io.weft.store.postgres.StoreRig;
import io.weft.testkit.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** PostgreSQL, unpacked once for all tests of this process, because that is most of what a first start takes. */
public final class SharedPrograms {

  private static final Path UNPACKED = unpack();

  private SharedPrograms() {}

  /** Makes a home that finds the programs unpacked. */
  public static Path home(String prefix) {
    try {
      Path home = ServerProcess.temporaryDirectory(prefix);
      Files.createSymbolicLink(Files.createDirectories(home.resolve("data/store.postgres")).resolve("programs"), UNPACKED);
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path unpack() {
    Path directory = ServerProcess.temporaryDirectory("weft-programs");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ServerProcess.delete(directory)));
    try {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      Programs.unpacked(StoreRig.programs().orElseThrow(), new Place(directory));
      return directory.resolve("programs");
    } catch (IOException | ServerFailed e) {
      throw new AssertionError(e);
    }
  }
}
