package io.weft.store.postgres.server;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.tukaani.xz.XZInputStream;

/** Unpacks a tar archive that xz packed. Takes files, directories and links that stay inside; refuses everything else. */
final class Archive {

  private static final char FILE = '0';
  private static final char LINK = '2';
  private static final char DIRECTORY = '5';
  private static final int BLOCK = 512;
  private static final long TOTAL_MAX = 512L << 20;
  private static final int ENTRIES_MAX = 20_000;
  private static final int MEMORY_KIB_MAX = 256 << 10;

  private final Path target;
  private long left = TOTAL_MAX;

  private Archive(Path target) {
    this.target = target.toAbsolutePath().normalize();
  }

  /** @param target is there, and is empty */
  static void unpack(InputStream packed, Path target) throws IOException {
    try (InputStream in = new BufferedInputStream(new XZInputStream(packed, MEMORY_KIB_MAX), 1 << 16)) {
      tar(in, target);
    }
  }

  static void tar(InputStream in, Path target) throws IOException {
    Archive archive = new Archive(target);
    for (int i = 0; i < ENTRIES_MAX; i++) {
      byte[] head = in.readNBytes(BLOCK);
      if (head.length == 0 || isEmpty(head)) {
        return;
      }
      if (head.length < BLOCK) {
        throw new EOFException("the archive ends early");
      }
      archive.entry(head, in);
    }
    throw new IOException("the archive has more than " + ENTRIES_MAX + " entries");
  }

  /**
   * What stands before each entry.
   *
   * @param kind as in the archive: a file, a directory or a link
   * @param link where a link leads
   */
  record Head(String name, long size, boolean executable, char kind, String link) {

    /** @throws IOException if it is damaged, or of a kind that is not expected */
    static Head parse(byte[] head) throws IOException {
      long size = octal(head, 124, 12);
      if (checksum(head) != octal(head, 148, 8) || size < 0 || size > TOTAL_MAX) {
        throw new IOException("the archive is damaged, or larger than " + (TOTAL_MAX >> 20) + " MiB");
      }
      String prefix = text(head, 345, 155);
      String name = text(head, 0, 100);
      char kind = head[156] == 0 ? FILE : (char) (head[156] & 0xff);
      if (kind != FILE && kind != DIRECTORY && kind != LINK || kind != FILE && size != 0) {
        throw new IOException("the archive has an entry of kind " + (int) kind + ", which is not expected");
      }
      return new Head(prefix.isEmpty() ? name : prefix + "/" + name, size, (octal(head, 100, 8) & 0100) != 0, kind, text(head,
          157, 100));
    }
  }

  private void entry(byte[] block, InputStream in) throws IOException {
    Head head = Head.parse(block);
    left -= head.size();
    if (left < 0) {
      throw new IOException("the archive is larger than " + (TOTAL_MAX >> 20) + " MiB");
    }
    Path path = inside(target, head.name());
    switch (head.kind()) {
      case FILE -> file(path, head.size(), head.executable(), in);
      case DIRECTORY -> directories(path);
      default -> link(path, head.link());
    }
  }

  /** Open to the user that runs the server, whatever the umask is. */
  private void directories(Path path) throws IOException {
    for (Path p = path; !p.equals(target) && p.startsWith(target); p = p.getParent()) {
      Files.createDirectories(p);
      Files.setPosixFilePermissions(p, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private void file(Path path, long size, boolean executable, InputStream in) throws IOException {
    directories(path.getParent());
    try (var out = Files.newOutputStream(path, java.nio.file.StandardOpenOption.CREATE_NEW)) {
      long rest = size;
      byte[] buffer = new byte[1 << 15];
      while (rest > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, rest));
        if (n < 0) {
          throw new EOFException("the archive ends early");
        }
        out.write(buffer, 0, n);
        rest -= n;
      }
    }
    in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }

  private void link(Path path, String to) throws IOException {
    if (to.isEmpty() || to.startsWith("/") || !path.getParent().resolve(to).normalize().startsWith(target)) {
      throw new IOException("the archive has a link that leads out");
    }
    directories(path.getParent());
    Files.createSymbolicLink(path, Path.of(to));
  }

  /** A file is never written through a link, since no name may pass through one. */
  private Path inside(Path root, String name) throws IOException {
    try {
      Path path = root.resolve(name).normalize();
      if (name.startsWith("/") || !path.startsWith(root)) {
        throw new IOException("the archive has a name that leads out");
      }
      for (Path parent = path.getParent(); parent != null && !parent.equals(root)
          && parent.startsWith(root); parent = parent.getParent()) {
        if (Files.isSymbolicLink(parent)) {
          throw new IOException("the archive has a name that passes through a link");
        }
      }
      return path;
    } catch (java.nio.file.InvalidPathException e) {
      throw new IOException("the archive has a name that is none", e);
    }
  }

  private static boolean isEmpty(byte[] head) {
    for (byte b : head) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static long checksum(byte[] head) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : head[i] & 0xff;
    }
    return sum;
  }

  private static String text(byte[] head, int at, int length) {
    int end = at;
    while (end < at + length && head[end] != 0) {
      end++;
    }
    return new String(head, at, end - at, StandardCharsets.UTF_8);
  }

  private static long octal(byte[] head, int at, int length) throws IOException {
    String digits = text(head, at, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("the archive is damaged", e);
    }
  }
}
