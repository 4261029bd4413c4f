package io.weft.dcs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A key and what it holds.
 *
 * @param value copied in and out
 * @param revision of the change that wrote this value
 * @param session id of the session that the key goes with; empty if it stays
 */
public record Entry(String key, byte[] value, long revision, Optional<String> session) {

  public Entry {
    value = value.clone();
  }

  @Override
  public byte[] value() {
    return value.clone();
  }

  /** Bytes of the value; copies nothing. */
  public int size() {
    return value.length;
  }

  /** The value as UTF-8. */
  public String text() {
    return new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Entry e
        && e.key.equals(key) && e.revision == revision && e.session.equals(session) && Arrays.equals(e.value, value);
  }

  @Override
  public int hashCode() {
    return key.hashCode() * 31 + Long.hashCode(revision);
  }

  /** Without the value, which may be a secret. */
  @Override
  public String toString() {
    return key + "@" + revision + "(" + value.length + " bytes" + session.map(s -> ", session " + s).orElse("") + ")";
  }
}
