package io.weft.path.ice.check;

import java.util.Base64;
import java.util.random.RandomGenerator;

/** What one side of one attempt proves its checks with (RFC 8445, section 5.3). */
public record Credentials(String ufrag, String password) {

  private static final int UFRAG_MIN = 4;
  private static final int PASSWORD_MIN = 22;
  private static final int MAX = 256;

  public Credentials {
    check("ufrag", ufrag, UFRAG_MIN);
    check("password", password, PASSWORD_MIN);
  }

  private static void check(String what, String text, int min) {
    if (text.length() < min || text.length() > MAX || !text.chars().allMatch(Credentials::isIceChar)) {
      throw new IllegalArgumentException("the " + what + " of an attempt has " + min + " to " + MAX + " letters, digits, + or /");
    }
  }

  private static boolean isIceChar(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/';
  }

  /** @param random one that cannot be predicted */
  public static Credentials draw(RandomGenerator random) {
    return new Credentials(text(random, 9), text(random, 24));
  }

  private static String text(RandomGenerator random, int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return Base64.getEncoder().withoutPadding().encodeToString(drawn);
  }

  @Override
  public String toString() {
    return "Credentials[" + ufrag + "]";
  }
}
