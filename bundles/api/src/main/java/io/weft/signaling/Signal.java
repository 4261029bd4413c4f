package io.weft.signaling;

import java.util.Arrays;

/**
 * One note between two path sources. Immutable.
 *
 * @param attempt counts up per sender and recipient over restarts too, so the latest wins; not negative
 * @param data at most {@link #DATA_MAX} bytes, opaque to everybody but the path source; copied in and out
 */
public record Signal(SignalType type, long attempt, byte[] data) {

  public static final int DATA_MAX = 8_192;

  public Signal {
    if (attempt < 0) {
      throw new IllegalArgumentException("attempt " + attempt + " is negative");
    }
    if (data.length > DATA_MAX) {
      throw new IllegalArgumentException("a signal has at most " + DATA_MAX + " bytes of data, not " + data.length);
    }
    data = data.clone();
  }

  @Override
  public byte[] data() {
    return data.clone();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Signal s && s.type == type && s.attempt == attempt && Arrays.equals(s.data, data);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(data) + Long.hashCode(attempt);
  }

  @Override
  public String toString() {
    return type + " attempt=" + attempt + " bytes=" + data.length;
  }
}
