package io.weft.shell.store;

import io.weft.support.file.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Snapshot files on disk: whole and private, or not there at all. */
public final class SnapshotFiles {

  private SnapshotFiles() {}

  /**
   * Writes a file with mode 0600 under its name only when it is whole and on disk. Returns its size.
   *
   * @throws FileAlreadyExistsException if something is there and {@code replace} is false
   * @throws IllegalArgumentException if it would be too large
   */
  public static long write(Path file, Saved saved, boolean replace) throws IOException {
    if (!replace && Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    byte[] bytes = SnapshotCodec.encode(saved);
    WholeFile.writePrivate(file, bytes, WholeFile.Sync.NAME);
    return bytes.length;
  }

  /**
   * Reads a file.
   *
   * @throws DamagedSnapshot if it is not a whole snapshot
   */
  public static Saved read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new DamagedSnapshot("it is not a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return SnapshotCodec.decode(in.readNBytes(SnapshotCodec.FILE_MAX + 1));
    }
  }
}
