package io.weft.node;

/**
 * Why something changed or was refused.
 *
 * @param code stable, for machines: {@code [a-z0-9_]{1,48}}, such as {@code peer_silent}
 * @param detail one line for people; may be empty; never a secret
 */
public record Reason(String code, String detail) {

  public Reason {
    if (code.isEmpty() || code.length() > 48 || !code.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_')) {
      throw new IllegalArgumentException("a reason code is [a-z0-9_]{1,48}");
    }
    detail = detail.length() > 512 ? detail.substring(0, 512) : detail;
  }

  public static Reason of(String code) {
    return new Reason(code, "");
  }

  public static Reason of(String code, String detail) {
    return new Reason(code, detail);
  }

  @Override
  public String toString() {
    return detail.isEmpty() ? code : code + ": " + detail;
  }
}
