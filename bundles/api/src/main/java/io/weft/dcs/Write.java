package io.weft.dcs;

import java.util.Arrays;
import java.util.Optional;

/** One part of a transaction. */
public sealed interface Write {

  String key();

  Expect expect();

  /** See {@link Dcs#put}. */
  record Put(String key, byte[] value, Expect expect, Optional<Session> session) implements Write {
    public Put {
      DcsKeys.check(key);
      value = value.clone();
    }

    @Override
    public byte[] value() {
      return value.clone();
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Put p
          && p.key.equals(key) && p.expect.equals(expect) && p.session.equals(session) && Arrays.equals(p.value, value);
    }

    @Override
    public int hashCode() {
      return key.hashCode();
    }
  }

  /** See {@link Dcs#delete}. */
  record Delete(String key, Expect expect) implements Write {
    public Delete {
      DcsKeys.check(key);
    }
  }

  /**
   * Changes nothing; the transaction happens only if this is so. Here {@link Expect#absent} is of use, {@link Expect#any} is not.
   */
  record Check(String key, Expect expect) implements Write {
    public Check {
      DcsKeys.check(key);
    }
  }
}
