package io.weft.support.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes a file beside its place and moves it there: whoever reads it, also the next start after a kill, sees the old content or the new one,
 * never a part. What was left beside it by somebody who was killed is overwritten. An interrupt does not cut the writing off.
 *
 * <p>For one writer at a time: of two, one may fail, and the file is still whole.
 */
public final class WholeFile {

  /** Ending of the name under which a file is written. */
  public static final String PART = ".part";

  /** What is waited for, since a machine may lose power. */
  public enum Sync {
    /** Nothing: after a power cut the file may be empty. */
    NONE,
    /** The content: after a power cut it is the old one or the new one. */
    CONTENT,
    /** The name, too: after a power cut it is the new one. */
    NAME
  }

  /** What is to be in a file. */
  @FunctionalInterface
  public interface Content {
    /** @param out not buffered; closed by whoever gave it */
    void to(OutputStream out) throws IOException;
  }

  private WholeFile() {}

  public static void write(Path file, byte[] bytes, Sync sync) throws IOException {
    write(file, sync, out -> out.write(bytes));
  }

  /** In UTF-8. */
  public static void write(Path file, String text, Sync sync) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8), sync);
  }

  public static void write(Path file, Sync sync, Content content) throws IOException {
    replace(file, sync, content);
  }

  /** With mode 0600 from its first byte on, whatever the mode of a file that is there. */
  public static void writePrivate(Path file, byte[] bytes, Sync sync) throws IOException {
    replace(file, sync, out -> out.write(bytes), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static void replace(Path file, Sync sync, Content content, FileAttribute<?>... mode) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + PART);
    Files.deleteIfExists(part);
    Files.createFile(part, mode); // and never what a link of that name leads to
    try {
      try (FileOutputStream out = new FileOutputStream(part.toFile())) {
        content.to(out);
        if (sync != Sync.NONE) {
          out.getFD().sync();
        }
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
    if (sync == Sync.NAME) {
      syncFolder(file.toAbsolutePath().getParent());
    }
  }

  /** Names that came and went in it are on disk when this returns. */
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }
}
