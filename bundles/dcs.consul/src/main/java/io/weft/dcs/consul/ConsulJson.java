package io.weft.dcs.consul;

import io.weft.dcs.DcsKeys;
import io.weft.dcs.Entry;
import io.weft.support.JsonReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Consul's shapes. Keys stand in paths of URLs, so every byte of ours but letters, digits, dashes, underscores and slashes is
 * written {@code =XX}. Everything here throws {@link IllegalArgumentException} for what is not as expected.
 */
final class ConsulJson {

  private static final String HEX = "0123456789ABCDEF";

  private final String prefix;

  /** @param prefix of all keys of ours, of characters that stand in URLs */
  ConsulJson(String prefix) {
    this.prefix = prefix;
  }

  String encode(String key) {
    StringBuilder out = new StringBuilder(prefix);
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(b) || b == '/') {
        out.append((char) b);
      } else {
        out.append('=').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
      }
    }
    return out.toString();
  }

  /** The key, or null if it is none that {@link #encode} makes. */
  @Nullable String decode(String text) {
    if (!text.startsWith(prefix)) {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = prefix.length(); i < text.length(); i++) {
      char c = text.charAt(i);
      boolean escaped = c == '=' && i + 2 < text.length();
      if (escaped && HEX.indexOf(text.charAt(i + 1)) >= 0 && HEX.indexOf(text.charAt(i + 2)) >= 0) {
        out.write(HEX.indexOf(text.charAt(i + 1)) << 4 | HEX.indexOf(text.charAt(i + 2)));
        i += 2;
      } else if (c == '/' || c < 0x80 && isPlain((byte) c)) {
        out.write(c);
      } else {
        return null;
      }
    }
    try {
      return DcsKeys.check(out.toString(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return null; // somebody else's
    }
  }

  /** The entries of a listing, in our order; what is not ours is left out. */
  List<Entry> entries(String text) {
    List<Entry> entries = new ArrayList<>();
    if (!(JsonReader.read(text) instanceof List<?> list)) {
      throw new IllegalArgumentException("Consul's answer is not a list");
    }
    for (Object element : list) {
      if (!(element instanceof Map<?, ?> map) || !(map.get("Key") instanceof String key)
          || !(map.get("ModifyIndex") instanceof Long index)) {
        throw new IllegalArgumentException("Consul's answer is not a list of keys");
      }
      String decoded = decode(key);
      byte[] value = map.get("Value") instanceof String base64 ? Base64.getDecoder().decode(base64) : new byte[0];
      Optional<String> session = map.get("Session") instanceof String s && !s.isEmpty() ? Optional.of(s) : Optional.empty();
      if (decoded != null) {
        entries.add(new Entry(decoded, value, index, session));
      }
    }
    entries.sort((a, b) -> DcsKeys.ORDER.compare(a.key(), b.key()));
    return entries;
  }

  /** The newest index in the answer to a transaction that happened. */
  static long newestIndex(String text) {
    long newest = 0;
    if (JsonReader.read(text) instanceof Map<?, ?> map && map.get("Results") instanceof List<?> results) {
      for (Object result : results) {
        if (result instanceof Map<?, ?> r && r.get("KV") instanceof Map<?, ?> kv && kv.get("ModifyIndex") instanceof Long index) {
          newest = Math.max(newest, index);
        }
      }
    }
    if (newest == 0) {
      throw new IllegalArgumentException("Consul's answer to a transaction has no index");
    }
    return newest;
  }

  /** What stood in the way of a transaction, in Consul's words; empty if the answer is not about that. */
  static List<String> errors(String text) {
    List<String> words = new ArrayList<>();
    if (JsonReader.read(text) instanceof Map<?, ?> map && map.get("Errors") instanceof List<?> errors) {
      for (Object error : errors) {
        if (error instanceof Map<?, ?> e && e.get("What") instanceof String what) {
          words.add(what);
        }
      }
    }
    return words;
  }

  private static boolean isPlain(byte b) {
    return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_';
  }
}
