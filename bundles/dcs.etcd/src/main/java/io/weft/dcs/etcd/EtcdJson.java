package io.weft.dcs.etcd;

import io.weft.dcs.Change;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.Entry;
import io.weft.support.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's shapes: 64-bit numbers are strings, bytes are base64, and what is false, zero or empty is left out. Everything
 * here throws {@link IllegalArgumentException} for what is not so.
 */
final class EtcdJson {

  private final String prefix;

  /** @param prefix of all keys of ours */
  EtcdJson(String prefix) {
    this.prefix = prefix;
  }

  /** What a message on a watch says. */
  record WatchMessage(boolean created, boolean canceled, boolean compacted, String reason, List<Change> changes) {}

  String encodeKey(String key) {
    return base64((prefix + key).getBytes(StandardCharsets.UTF_8));
  }

  /** The first key behind all that begin with the prefix of ours and this one. */
  String encodeRangeEnd(String below) {
    byte[] bytes = (prefix + below).getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 1]++; // never overflows: 0xff is not in UTF-8, and there is at least one byte
    return base64(bytes);
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static Map<?, ?> object(String text) {
    return JsonReader.read(text) instanceof Map<?, ?> map ? map : bad("an object");
  }

  static Map<?, ?> object(Map<?, ?> parent, String name) {
    Object value = parent.get(name);
    return value == null ? Map.of() : value instanceof Map<?, ?> map ? map : bad(name);
  }

  static List<Map<?, ?>> objects(Map<?, ?> parent, String name) {
    Object value = parent.get(name);
    if (value == null) {
      return List.of();
    }
    List<Map<?, ?>> all = new ArrayList<>();
    for (Object element : value instanceof List<?> list ? list : EtcdJson.<List<?>>bad(name)) {
      all.add(element instanceof Map<?, ?> map ? map : bad(name));
    }
    return all;
  }

  static long number(Map<?, ?> parent, String name) {
    Object value = parent.get(name);
    try {
      return value == null ? 0 : value instanceof Long n ? n : value instanceof String s ? Long.parseLong(s) : bad(name);
    } catch (NumberFormatException e) {
      return bad(name);
    }
  }

  static String text(Map<?, ?> parent, String name) {
    Object value = parent.get(name);
    return value == null ? "" : value instanceof String s ? s : bad(name);
  }

  static boolean flag(Map<?, ?> parent, String name) {
    return Boolean.TRUE.equals(parent.get(name));
  }

  static long revision(Map<?, ?> response) {
    return number(object(response, "header"), "revision");
  }

  /** The entry, or null if the key is not one that this fabric can have made. */
  @Nullable Entry entry(Map<?, ?> keyValue) {
    String key = key(keyValue);
    long lease = number(keyValue, "lease");
    Optional<String> session = lease == 0 ? Optional.empty() : Optional.of(Long.toString(lease));
    return key == null ? null : new Entry(key, bytes(keyValue, "value"), number(keyValue, "mod_revision"), session);
  }

  List<Entry> entries(Map<?, ?> range) {
    List<Entry> entries = new ArrayList<>();
    for (Map<?, ?> keyValue : objects(range, "kvs")) {
      Entry entry = entry(keyValue);
      if (entry != null) {
        entries.add(entry);
      }
    }
    entries.sort((a, b) -> DcsKeys.ORDER.compare(a.key(), b.key()));
    return entries;
  }

  WatchMessage watchMessage(String line) {
    Map<?, ?> message = object(line);
    Map<?, ?> error = object(message, "error");
    if (!error.isEmpty()) {
      return new WatchMessage(false, true, false, text(error, "message"), List.of());
    }
    Map<?, ?> result = object(message, "result");
    List<Change> changes = new ArrayList<>();
    for (Map<?, ?> event : objects(result, "events")) {
      Map<?, ?> keyValue = object(event, "kv");
      if (text(event, "type").equals("DELETE")) {
        String key = key(keyValue);
        if (key != null) {
          changes.add(new Change.Deleted(key, number(keyValue, "mod_revision")));
        }
      } else {
        Entry entry = entry(keyValue);
        if (entry != null) {
          changes.add(new Change.Put(entry));
        }
      }
    }
    return new WatchMessage(flag(result, "created"), flag(result, "canceled"), number(result, "compact_revision") > 0,
        text(result, "cancel_reason"), changes);
  }

  private @Nullable String key(Map<?, ?> keyValue) {
    String full = new String(bytes(keyValue, "key"), StandardCharsets.UTF_8);
    if (!full.startsWith(prefix)) {
      return null;
    }
    try {
      return DcsKeys.check(full.substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      return null; // somebody else's
    }
  }

  private static byte[] bytes(Map<?, ?> parent, String name) {
    return Base64.getDecoder().decode(text(parent, name));
  }

  private static <T> T bad(String name) {
    throw new IllegalArgumentException("etcd's answer is not as expected at '" + name + "'");
  }
}
