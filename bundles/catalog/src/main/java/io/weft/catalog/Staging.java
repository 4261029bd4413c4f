package io.weft.catalog;

import io.weft.support.plugin.ListedPlugin;
import io.weft.support.plugin.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Where jars wait between a catalogue and an install; empty at each start. A file in there has the size and hash that its index says. */
final class Staging {

  interface Download {
    void to(Path file) throws IOException;
  }

  private final Path folder;
  private boolean clean;

  Staging(Path folder) {
    this.folder = folder;
  }

  synchronized Path bring(ListedPlugin plugin, Download download) throws IOException {
    prepare();
    Path part = folder.resolve(plugin.sha256() + ".part");
    try {
      download.to(part);
      long size = Files.size(part);
      if (size != plugin.size()) {
        throw new IOException("it has " + size + " bytes, but the index says " + plugin.size());
      }
      if (!Sha256.hex(part).equals(plugin.sha256())) {
        throw new IOException("it is not the file that the index names (its hash is another)");
      }
      // The hash is in the name, so that what somebody still reads is never replaced by something else.
      Path jar = folder.resolve(plugin.name() + "-" + plugin.version() + "-" + plugin.sha256().substring(0, 16) + ".jar");
      return Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void prepare() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    if (!clean) {
      try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, Files::isRegularFile)) {
        for (Path file : left) {
          Files.delete(file);
        }
      }
      clean = true;
    }
  }
}
