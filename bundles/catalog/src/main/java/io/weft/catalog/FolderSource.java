package io.weft.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A catalogue in a folder of this machine. */
final class FolderSource implements Source {

  private final Path folder;

  FolderSource(Path folder) {
    this.folder = folder;
  }

  @Override
  public void copy(String path, long max, OutputStream out) throws IOException {
    Path file = folder.resolve(path).normalize();
    if (!file.startsWith(folder) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException("there is no file " + path + " in " + folder);
    }
    try (InputStream in = Files.newInputStream(file)) {
      Copies.bounded(in, out, max, () -> false);
    }
  }
}
