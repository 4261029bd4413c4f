package io.weft.catalog;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import io.weft.support.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest index of a catalogue that this node has believed, so that it never believes an older one, or another of the same version.
 *
 * @param version 0 if there was none
 * @param sha256 of what was signed
 */
record Seen(long version, String sha256) {

  static final Seen NOTHING = new Seen(0, "");
  private static final int BYTES_MAX = 4096;

  /** @throws IOException if there is something that cannot be read: then nobody knows, and nothing is believed */
  static Seen read(Path file) throws IOException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new IOException(file + " is damaged; delete it if you are sure that the catalogue is current");
      }
      Map<?, ?> map = (Map<?, ?>) JsonReader.read(Files.readString(file));
      return new Seen((Long) map.get("version"), (String) map.get("sha256"));
    } catch (NoSuchFileException e) {
      return NOTHING;
    } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
      throw new IOException(file + " is damaged; delete it if you are sure that the catalogue is current", e);
    }
  }

  void write(Path file) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("version", version);
    map.put("sha256", sha256);
    replace(file, (Json.compact(map) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  static void replace(Path file, byte[] bytes) throws IOException {
    WholeFile.write(file, bytes, WholeFile.Sync.NONE);
  }
}
