package io.weft.shell.terminal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where lines are remembered. Only for the user of the node: commands may hold what others should not see. */
final class HistoryFile {

  private static final Set<PosixFilePermission> MINE = PosixFilePermissions.fromString("rw-------");
  private static final Logger log = LoggerFactory.getLogger(HistoryFile.class);

  private HistoryFile() {}

  /** Makes sure that it exists and is private. Empty if it cannot be had; the shell works without. */
  static Optional<Path> prepare(@Nullable Path home) {
    if (home == null) {
      return Optional.empty();
    }
    Path file = home.resolve("data").resolve("shell_history");
    try {
      Files.createDirectories(file.getParent());
      try {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(MINE));
      } catch (FileAlreadyExistsException e) {
        Files.setPosixFilePermissions(file, MINE);
      }
      return Optional.of(file);
    } catch (IOException e) {
      log.warn("shell history off reason={}", e.toString());
      return Optional.empty();
    }
  }
}
