package io.weft.node.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** A file that editors change under our eyes. Not thread-safe. */
final class WatchedFile {

  private record Signature(FileTime modified, long size, @Nullable Object inode) {}

  private static final Signature NONE = new Signature(FileTime.fromMillis(0), -1, null);

  private final Path path;
  private Signature used = NONE;
  private Signature seen = NONE;

  WatchedFile(Path path) {
    this.path = path;
  }

  /** The content; a little more than may be read if it is longer, so that the reader notices. */
  byte[] read() throws IOException {
    used = signature();
    seen = used;
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(YamlReader.BYTES_MAX + 1);
    }
  }

  /** Whether it is not what was read last. */
  boolean changed() {
    return !signature().equals(used);
  }

  /** Whether it changed and then stayed the same from one question to the next, so that nobody is writing any more. */
  boolean changedAndSettled() {
    Signature now = signature();
    boolean settled = now.equals(seen);
    seen = now;
    return settled && !now.equals(used);
  }

  private Signature signature() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new Signature(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (IOException e) {
      return NONE; // not there, or not readable; reading it will say why
    }
  }
}
