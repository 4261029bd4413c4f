package io.weft.installer;

import io.weft.plugin.PluginRefused;
import io.weft.support.plugin.PluginArchive;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of jars that somebody wants to install, where nobody else changes them: what is checked is then what is planned and installed.
 * Files in it are named by what is in them.
 */
final class Staging {

  static final int FILES_MAX = 32;
  private static final int BLOCK = 65_536;
  private static final Logger log = LoggerFactory.getLogger(Staging.class);

  private final Path folder;

  /** @param folder for this alone; what is left in it is deleted */
  Staging(Path folder) {
    this.folder = folder;
    try {
      keepNewest(0);
    } catch (IOException e) {
      log.warn("staging folder not emptied dir={} reason=\"{}\"", folder, e.getMessage());
    }
  }

  /** @param source for people */
  synchronized Path copy(InputStream in, String source) throws IOException, PluginRefused {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path part = Files.createTempFile(folder, "next", ".part");
    try {
      try (OutputStream out = Files.newOutputStream(part)) {
        byte[] block = new byte[BLOCK];
        long size = 0;
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
          size += n;
          if (size > PluginArchive.BYTES_MAX) {
            throw new PluginRefused(source + " is larger than " + (PluginArchive.BYTES_MAX >> 20) + " MiB", true);
          }
          out.write(block, 0, n);
        }
      }
      Path copy = Files.move(part, folder.resolve(JarFacts.hash(part) + ".jar"), StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      keepNewest(FILES_MAX);
      return copy;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void keepNewest(int most) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> found = Files.list(folder)) {
      List<Path> files = found.sorted(Comparator.comparing(Staging::time).reversed()).toList();
      for (Path file : files.subList(Math.min(most, files.size()), files.size())) {
        Files.delete(file);
      }
    }
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // then it is the first to go
    }
  }
}
