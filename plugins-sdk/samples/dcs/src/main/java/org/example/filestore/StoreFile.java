package org.example.filestore;

import io.weft.dcs.DcsKeys;
import io.weft.dcs.Entry;
import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The file: written whole into a second one, which then takes its place. Locked, so that one process at a time has it. */
final class StoreFile implements AutoCloseable {

  private static final int BYTES_MAX = 64 * 1024 * 1024;

  /** What the file holds. Keys that go with a session are not in it, for no session outlives the process. */
  record Content(long revision, TreeMap<String, Entry> entries) {}

  private final Path file;
  private final boolean sync;
  private final FileChannel lock;

  /** @throws IOException with one line that says what to do, such as when another process has the file */
  StoreFile(Path file, boolean sync) throws IOException {
    this.file = file;
    this.sync = sync;
    Files.createDirectories(file.toAbsolutePath().getParent());
    this.lock = open(file.resolveSibling(file.getFileName() + ".lock"));
    FileLock held = null;
    try {
      held = lock.tryLock();
    } catch (OverlappingFileLockException e) {
      throw new IOException(file + " is in use in this process already", e);
    } finally {
      if (held == null) {
        lock.close();
      }
    }
    if (held == null) {
      throw new IOException(file + " is in use by another process; each node needs a file of its own");
    }
  }

  Content read() throws IOException {
    if (!Files.exists(file)) {
      return new Content(0, new TreeMap<>(DcsKeys.ORDER));
    }
    if (Files.size(file) > BYTES_MAX) {
      throw new IOException(file + " has more than " + BYTES_MAX + " bytes, so it is none of ours");
    }
    try {
      return parse(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is damaged (" + e.getMessage() + "); move it away to begin with an empty store", e);
    }
  }

  static Content parse(String text) {
    if (!(JsonReader.read(text) instanceof Map<?, ?> all && all.get("revision") instanceof Number revision
        && all.get("entries") instanceof List<?> list)) {
      throw new IllegalArgumentException("expected revision and entries");
    }
    TreeMap<String, Entry> entries = new TreeMap<>(DcsKeys.ORDER);
    for (Object element : list) {
      if (!(element instanceof Map<?, ?> entry && entry.get("key") instanceof String key
          && entry.get("revision") instanceof Number written && entry.get("value") instanceof String value)) {
        throw new IllegalArgumentException("expected key, revision and value of each entry");
      }
      if (written.longValue() < 1 || written.longValue() > revision.longValue()) {
        throw new IllegalArgumentException("a revision is out of its bounds");
      }
      entries.put(key, new Entry(DcsKeys.check(key), Base64.getDecoder().decode(value), written.longValue(), Optional.empty()));
    }
    return new Content(revision.longValue(), entries);
  }

  void write(long revision, Collection<Entry> entries) throws IOException {
    List<Map<String, Object>> list = entries.stream().filter(e -> e.session().isEmpty())
        .<Map<String, Object>>map(e -> Map.of(
            "key", e.key(), "revision", e.revision(), "value", Base64.getEncoder().encodeToString(e.value())))
        .toList();
    ByteBuffer bytes = ByteBuffer.wrap(
        Json.compact(Map.of("revision", revision, "entries", list)).getBytes(StandardCharsets.UTF_8));
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (FileChannel channel = open(next)) {
      channel.truncate(0);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (sync) {
        channel.force(true);
      }
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    if (sync) {
      try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
        folder.force(true);
      }
    }
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(path, java.util.Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  boolean isSynced() {
    return sync;
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  @Override
  public String toString() {
    return file.getFileName().toString();
  }
}
