package io.weft.installer;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import io.weft.support.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files of the deploy folder were seen to, by how they looked then, over restarts: a file is a wish once. If what it brought was taken
 * back since, it is not brought again.
 */
final class Drops {

  static final int BYTES_MAX = 256 << 10;
  private static final Logger log = LoggerFactory.getLogger(Drops.class);

  private final Path file;
  // Both guarded by this.
  private final Map<String, String> stamps;
  private boolean closed;

  Drops(Path file) {
    this.file = file;
    this.stamps = read(file);
  }

  private static Map<String, String> read(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new IOException("it has more than " + BYTES_MAX + " bytes");
      }
      return parse(Files.readString(file));
    } catch (NoSuchFileException e) {
      return new TreeMap<>();
    } catch (IOException | IllegalArgumentException e) {
      log.warn("memory of the deploy folder unreadable file={} reason=\"{}\" consequence={}", file, e.getMessage(),
          "every file in it is looked at again");
      return new TreeMap<>();
    }
  }

  /** @throws IllegalArgumentException if it makes no sense */
  static Map<String, String> parse(String json) {
    Map<String, String> read = new TreeMap<>();
    if (JsonReader.read(json) instanceof Map<?, ?> map && map.get("files") instanceof Map<?, ?> files) {
      files.forEach((name, stamp) -> {
        if (!(stamp instanceof String text)) {
          throw new IllegalArgumentException("a file has no stamp");
        }
        read.put((String) name, text);
      });
      return read;
    }
    throw new IllegalArgumentException("it names no files");
  }

  synchronized Set<String> names() {
    return Set.copyOf(stamps.keySet());
  }

  synchronized boolean isKnown(String name, String stamp) {
    return stamp.equals(stamps.get(name));
  }

  /** Nothing is written any more when this returns; what is seen to after it is found out at the next start. */
  synchronized void close() {
    closed = true;
  }

  /** @param gone are forgotten */
  synchronized void seenTo(Map<String, String> files, Set<String> gone) {
    boolean changed = stamps.keySet().removeAll(gone);
    for (Map.Entry<String, String> entry : files.entrySet()) {
      changed |= !entry.getValue().equals(stamps.put(entry.getKey(), entry.getValue()));
    }
    if (!changed || closed) {
      return;
    }
    try {
      WholeFile.write(file, Json.compact(Map.of("files", stamps)) + "\n", WholeFile.Sync.NONE);
    } catch (IOException e) {
      log.warn("memory of the deploy folder not written file={} reason=\"{}\" consequence={}", file, e.getMessage(),
          "what was taken back may come again after a restart");
    }
  }
}
