package io.weft.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RedactorTest {

  private static final String SECRET = "correct horse \"battery\" staple";

  private final Redactor redactor = new Redactor();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aValueIsMaskedWhereverItStands() {
    redactor.hide(bytes(SECRET));
    assertThat(redactor.mask(SECRET)).isEqualTo("***");
    assertThat(redactor.mask("a" + SECRET + SECRET + "b " + SECRET)).isEqualTo("a******b ***");
    assertThat(redactor.mask("nothing of it, not even correct horse")).isEqualTo("nothing of it, not even correct horse");
    assertThat(redactor.mask("short")).isEqualTo("short");
  }

  @Test
  void soAreTheFormsInWhichBytesAreShown() {
    byte[] key = HexFormat.of().parseHex("00ff8041fe7d3b2a1900112233445566");
    redactor.hide(key);
    assertThat(redactor.mask("key=" + HexFormat.of().formatHex(key) + ";")).isEqualTo("key=***;");
    assertThat(redactor.mask("key=" + Base64.getEncoder().encodeToString(key))).isEqualTo("key=***==");
    assertThat(redactor.mask("key=" + Base64.getUrlEncoder().withoutPadding().encodeToString(key))).isEqualTo("key=***");
  }

  @Test
  void theLongerOfTwoThatBeginAlikeWins() {
    redactor.hide(bytes("password"));
    redactor.hide(bytes("password-of-b"));
    assertThat(redactor.mask("x password-of-b y password-of-c")).isEqualTo("x *** y ***-of-c");
  }

  @Test
  void whatIsTooShortToBeToldFromWordsIsLeftAlone() {
    redactor.hide(bytes("abc"));
    assertThat(redactor.mask("abc abc abc")).isEqualTo("abc abc abc");
  }

  @Test
  void remembersABoundedNumber() {
    redactor.hide(bytes("the-first-one"));
    for (int i = 0; i < Redactor.VALUES_MAX; i++) {
      redactor.hide(bytes("value-number-" + i));
      redactor.hide(bytes("value-number-" + i));
    }
    assertThat(redactor.mask("the-first-one value-number-0 value-number-255")).isEqualTo("the-first-one *** ***");
  }

  @Test
  void showsNoValueItself() {
    redactor.hide(bytes(SECRET));
    assertThat(redactor).hasToString("Redactor");
  }

  @Test
  void isFoundAtAnyPlaceOfAnyText() {
    redactor.hide(bytes(SECRET));
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 10_000; i++) {
      String before = random.ints(random.nextInt(40), ' ', 0x2000).collect(StringBuilder::new, StringBuilder::appendCodePoint,
          StringBuilder::append).toString();
      assertThat(redactor.mask(before + SECRET + before)).isEqualTo(before + "***" + before);
    }
  }
}
