package io.weft.support.dcs;

import io.weft.dcs.Capabilities;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.Expect;
import io.weft.dcs.Write;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The caller's mistakes, found before anything is sent. All throw {@link IllegalArgumentException} with one clear line. */
public final class DcsChecks {

  private static final int NAME_MAX = 128;

  private DcsChecks() {}

  public static void put(String key, byte[] value) {
    DcsKeys.check(key);
    if (value.length > Dcs.VALUE_MAX) {
      throw new IllegalArgumentException("a value has at most " + Dcs.VALUE_MAX + " bytes, this one has " + value.length);
    }
  }

  public static void delete(String key, Expect expect) {
    DcsKeys.check(key);
    if (expect instanceof Expect.Absent) {
      throw new IllegalArgumentException("deleting what must be absent makes no sense");
    }
  }

  public static void transaction(List<Write> writes, int most) {
    if (most == 0) {
      throw new UnsupportedOperationException("this store has no transactions");
    }
    if (writes.isEmpty() || writes.size() > most) {
      throw new IllegalArgumentException("a transaction has 1 to " + most + " writes, this one has " + writes.size());
    }
    Set<String> keys = new HashSet<>();
    long bytes = 0;
    for (Write write : writes) {
      if (!keys.add(write.key())) {
        throw new IllegalArgumentException("a transaction names each key once");
      }
      if (write instanceof Write.Put put) {
        bytes += put.value().length;
        put(put.key(), put.value());
      } else if (write instanceof Write.Delete delete) {
        delete(delete.key(), delete.expect());
      } else if (write.expect() instanceof Expect.Any) {
        throw new IllegalArgumentException("a check that expects nothing checks nothing");
      }
    }
    if (bytes > Dcs.VALUE_MAX) {
      throw new IllegalArgumentException("the values of a transaction have at most " + Dcs.VALUE_MAX + " bytes together");
    }
  }

  public static void session(String name, Duration ttl, Capabilities capabilities) {
    if (name.length() > NAME_MAX || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("the name of a session has at most " + NAME_MAX + " characters, none of them control");
    }
    if (!capabilities.clampTtl(ttl).equals(ttl)) {
      throw new IllegalArgumentException(
          "the ttl of a session is from " + capabilities.ttlMin() + " to " + capabilities.ttlMax() + " here, but is " + ttl);
    }
  }
}
