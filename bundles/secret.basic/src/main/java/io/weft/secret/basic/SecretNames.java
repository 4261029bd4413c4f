package io.weft.secret.basic;

import io.weft.secret.SecretUnavailable;

/** Names as they may appear in messages. */
final class SecretNames {

  private static final int NAME_MAX = 256;

  private SecretNames() {}

  /** @throws SecretUnavailable if no reference could hold the name */
  static void check(String scheme, String name) throws SecretUnavailable {
    if (name.isEmpty() || name.length() > NAME_MAX || name.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
      throw new SecretUnavailable(
          "secret:" + scheme + "/...: a secret name is 1 to " + NAME_MAX
              + " printable ASCII characters without blanks; correct the reference");
    }
  }

  static SecretUnavailable unavailable(String scheme, String name, String why) {
    return new SecretUnavailable("secret:" + scheme + "/" + name + ": " + why);
  }
}
