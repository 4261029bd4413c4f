package io.weft.secret;

/**
 * Names a secret without being one: {@code secret:<scheme>/<name>}, for example {@code secret:file/formation}. Configuration,
 * logs and service properties only ever hold these.
 */
public record SecretReference(String scheme, String name) {

  private static final String PREFIX = "secret:";

  public SecretReference {
    if (!scheme.matches("[a-z][a-z0-9-]{0,31}")) {
      throw new IllegalArgumentException("a secret scheme is [a-z][a-z0-9-]{0,31}");
    }
    if (name.isEmpty() || name.length() > 256 || name.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
      throw new IllegalArgumentException("a secret name is 1 to 256 printable ASCII characters without blanks");
    }
  }

  /** @throws IllegalArgumentException if the text is not a reference; the message never repeats the text, which may be a secret */
  public static SecretReference parse(String text) {
    int slash = text.indexOf('/');
    if (!text.startsWith(PREFIX) || slash < 0) {
      throw new IllegalArgumentException("expected a secret reference such as secret:file/formation");
    }
    return new SecretReference(text.substring(PREFIX.length(), slash), text.substring(slash + 1));
  }

  @Override
  public String toString() {
    return PREFIX + scheme + "/" + name;
  }
}
