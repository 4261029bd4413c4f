package io.weft.dcs;

import java.util.Arrays;

/**
 * Who leads, as others see it.
 *
 * @param value as it said when it campaigned; copied in and out
 * @param token its fencing token
 * @param session id of its session
 */
public record Leader(byte[] value, long token, String session) {

  public Leader {
    value = value.clone();
  }

  @Override
  public byte[] value() {
    return value.clone();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Leader l && l.token == token && l.session.equals(session) && Arrays.equals(l.value, value);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(token);
  }

  @Override
  public String toString() {
    return "leader of session " + session + " with token " + token;
  }
}
