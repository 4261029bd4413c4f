package io.weft.catalog;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import io.weft.support.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The newest index of a catalogue that this node has believed, so that it never believes an older one, or another of the same version.
 *
 * @param version 0 if there was none
 * @param sha256 of what was signed
 * @param keys ids of the keys that the root named for indexes then; none if there was no root
 */
record Seen(long version, String sha256, Set<String> keys) {

  static final Seen NOTHING = new Seen(0, "", Set.of());
  private static final int BYTES_MAX = 4096;

  /** @throws IOException if there is something that cannot be read: then nobody knows, and nothing is believed */
  static Seen read(Path file) throws IOException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new IOException(file + " is damaged; delete it if you are sure that the catalogue is current");
      }
      Map<?, ?> map = (Map<?, ?>) JsonReader.read(Files.readString(file));
      List<?> keys = map.get("keys") instanceof List<?> list ? list : List.of();
      return new Seen((Long) map.get("version"), (String) map.get("sha256"), keys.stream().map(String.class::cast).collect(Collectors.toSet()));
    } catch (NoSuchFileException e) {
      return NOTHING;
    } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
      throw new IOException(file + " is damaged; delete it if you are sure that the catalogue is current", e);
    }
  }

  /**
   * What of it still binds under the keys that are named now. When not one of them is left there is nothing, since nobody can sign an index of
   * before: so a publisher whose key was stolen goes on with its own numbers, whatever the thief made of them.
   */
  Seen under(Set<String> named) {
    return !keys.isEmpty() && !named.isEmpty() && Collections.disjoint(keys, named) ? NOTHING : this;
  }

  void write(Path file) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("version", version);
    map.put("sha256", sha256);
    if (!keys.isEmpty()) {
      map.put("keys", keys.stream().sorted().toList());
    }
    replace(file, (Json.compact(map) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  static void replace(Path file, byte[] bytes) throws IOException {
    WholeFile.write(file, bytes, WholeFile.Sync.NONE);
  }
}
