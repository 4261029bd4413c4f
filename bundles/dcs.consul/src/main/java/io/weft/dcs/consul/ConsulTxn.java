package io.weft.dcs.consul;

import io.weft.dcs.Expect;
import io.weft.dcs.Write;
import io.weft.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes as one transaction of Consul. A key is deleted before it is written, because a plain write would leave it with the
 * session that it had. Each transaction also writes one key of no meaning: a deletion has no index in the answer, this has.
 */
final class ConsulTxn {

  /** Operations per write, and one more; Consul takes 64. */
  static final int WRITES_MAX = 20;

  private static final String INDEX_KEY = "~index";

  private ConsulTxn() {}

  /** @param prefix of all keys of ours */
  static byte[] request(ConsulJson json, String prefix, List<Write> writes) {
    List<Object> operations = new ArrayList<>();
    for (Write write : writes) {
      String key = json.encode(write.key());
      if (write.expect() instanceof Expect.Absent) {
        operations.add(kv("check-not-exists", key, null, null, null));
      } else if (write.expect() instanceof Expect.Revision r) {
        operations.add(kv("check-index", key, null, r.revision(), null));
      }
      if (write instanceof Write.Put put) {
        if (!(write.expect() instanceof Expect.Absent)) {
          operations.add(kv("delete", key, null, null, null));
        }
        String session = put.session().map(s -> s.id()).orElse(null);
        operations.add(kv(session == null ? "set" : "lock", key, put.value(), null, session));
      } else if (write instanceof Write.Delete) {
        operations.add(kv("delete", key, null, null, null));
      }
    }
    operations.add(kv("set", prefix + INDEX_KEY, new byte[0], null, null));
    return Json.compact(operations).getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> kv(
      String verb, String key, byte @Nullable [] value, @Nullable Long index, @Nullable String session) {
    Map<String, Object> kv = new LinkedHashMap<>();
    kv.put("Verb", verb);
    kv.put("Key", key);
    if (value != null) {
      kv.put("Value", Base64.getEncoder().encodeToString(value));
    }
    if (index != null) {
      kv.put("Index", index);
    }
    if (session != null) {
      kv.put("Session", session);
    }
    return Map.of("KV", kv);
  }
}
