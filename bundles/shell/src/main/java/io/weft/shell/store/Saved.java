package io.weft.shell.store;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a snapshot file says.
 *
 * @param backend that it was taken of
 * @param revision of the store then
 * @param values by key, in the order of listings; the arrays are not copied, there may be many
 */
public record Saved(String backend, String fabric, Instant taken, long revision, Map<String, byte[]> values) {

  public Saved {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Bytes of keys and values. */
  public long bytes() {
    return Encoding.bytes(values);
  }

  /** SHA-256 over keys and values, in hex. */
  public String digest() {
    return Encoding.digest(values);
  }
}
