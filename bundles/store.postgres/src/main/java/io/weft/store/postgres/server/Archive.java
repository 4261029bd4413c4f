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

  private void entry(byte[] head, InputStream in) throws IOException {
    long size = octal(head, 124, 12);
    if (checksum(head) != octal(head, 148, 8) || size < 0 || size > left) {
      throw new IOException("the archive is damaged, or larger than " + (TOTAL_MAX >> 20) + " MiB");
    }
    left -= size;
    String prefix = text(head, 345, 155);
    String name = text(head, 0, 100);
    Path path = inside(target, prefix.isEmpty() ? name : prefix + "/" + name);
    switch (head[156]) {
      case '0', 0 -> file(path, size, (octal(head, 100, 8) & 0100) != 0, in);
      case '5' -> directories(path);
      case '2' -> link(path, text(head, 157, 100));
      default -> throw new IOException("the archive has an entry of kind " + head[156] + ", which is not expected");
    }
    if (head[156] != '0' && head[156] != 0 && size != 0) {
      throw new IOException("the archive is damaged");
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
      for (Path parent = path.getParent(); parent != null && !parent.equals(root) && parent.startsWith(root); parent = parent.getParent()) {
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
