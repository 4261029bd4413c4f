package io.weft.support.plugin;

import static io.weft.support.plugin.CatalogIndex.require;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose signatures count in a catalogue from now on: on the next root, and on indexes. A key that it does not name any more counts for nothing.
 *
 * @param version one more than that of the root before
 * @param expires after which nobody should believe it
 */
public record CatalogRoot(String catalog, long version, Instant created, Instant expires, Role root, Role index) {

  public static final int BYTES_MAX = 64 << 10;
  /** More than this would be a way to keep a node busy. */
  public static final long VERSION_MAX = 1_000_000;
  private static final int KEYS_MAX = 16;

  /**
   * Keys, and how many of them have to sign.
   *
   * @param keys each once
   */
  public record Role(int threshold, List<PublicKeyId> keys) {

    /** @throws IllegalArgumentException if that many cannot sign */
    public Role {
      keys = List.copyOf(keys);
      require(!keys.isEmpty() && keys.size() <= KEYS_MAX, "a role has 1 to " + KEYS_MAX + " keys");
      require(keys.stream().map(PublicKeyId::id).distinct().count() == keys.size(), "a role has one key twice");
      require(threshold > 0 && threshold <= keys.size(), "a threshold is 1 to the number of its keys");
    }

    /** Whether these are enough of them. */
    public boolean isMetBy(List<PublicKeyId> signers) {
      return keys.stream().filter(signers::contains).count() >= threshold;
    }

    private Map<String, Object> map() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("threshold", threshold);
      map.put("keys", keys.stream().map(PublicKeyId::text).toList());
      return map;
    }

    private static Role of(Map<?, ?> map) {
      List<?> keys = (List<?>) map.get("keys");
      require(keys.size() <= KEYS_MAX, "a role has 1 to " + KEYS_MAX + " keys");
      return new Role((int) Math.min((Long) map.get("threshold"), KEYS_MAX + 1),
          keys.stream().map(key -> PublicKeyId.parse((String) key)).toList());
    }
  }

  /** @throws IllegalArgumentException if a part of it is not as it must be */
  public CatalogRoot {
    require(CatalogIndex.isName(catalog), "the name of a catalogue is 1 to 63 of a-z, 0-9 and dashes");
    require(version > 0 && version <= VERSION_MAX, "'version' is 1 to " + VERSION_MAX);
    require(expires.isAfter(created), "it expires before it was made");
  }

  public String json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("catalog", catalog);
    map.put("version", version);
    map.put("created", created.toString());
    map.put("expires", expires.toString());
    map.put("root", root.map());
    map.put("index", index.map());
    return Json.lines(map) + "\n";
  }

  /** @throws IllegalArgumentException if it is not one; the message is one line for people */
  public static CatalogRoot parse(String json) {
    try {
      Map<?, ?> map = (Map<?, ?>) JsonReader.read(json);
      return new CatalogRoot((String) map.get("catalog"), (Long) map.get("version"), Instant.parse((String) map.get("created")),
          Instant.parse((String) map.get("expires")), Role.of((Map<?, ?>) map.get("root")), Role.of((Map<?, ?>) map.get("index")));
    } catch (ClassCastException | NullPointerException | DateTimeException e) {
      throw new IllegalArgumentException("a part of it is missing or of another kind than it must be", e);
    }
  }
}
