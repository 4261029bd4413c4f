package io.weft.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EscapeTest {

  @Test
  void ordinaryTextStaysAsItIs() {
    assertThat(plain("grün, 東京, \uD83D\uDE00 C:\\dir \"q\"")).isEqualTo("grün, 東京, \uD83D\uDE00 C:\\dir \"q\"");
    assertThat(quoted("C:\\dir \"q\"")).isEqualTo("C:\\\\dir \\\"q\\\"");
  }

  @Test
  void nothingCanBreakTheLineOrTheTerminal() {
    assertThat(plain("a\r\nb\tc")).isEqualTo("a\\r\\nb\\tc");
    assertThat(plain("\u001b[31mred\u009b0m\u0000\u007f")).isEqualTo("\\u001b[31mred\\u009b0m\\u0000\\u007f");
    assertThat(plain("\u202eabc\u2066\u200b\ufeff\u2028\u061c")).isEqualTo("\\u202eabc\\u2066\\u200b\\ufeff\\u2028\\u061c");
    assertThat(plain("\ud800x\udc00")).isEqualTo("\\ud800x\\udc00");
    assertThat(plain(Character.toString(0xE0041))).isEqualTo("\\udb40\\udc41");
  }

  @Test
  void aFieldHasABoundInBytes() {
    for (String unit : List.of("x", "é", "東", "\uD83D\uDE00", "\u0000", "\"")) {
      String shown = quoted(unit.repeat(100_000));
      assertThat(shown.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(Escape.FIELD_MAX).isGreaterThan(Escape.FIELD_MAX - 64);
      assertThat(shown).matches("(?s).*\\.\\.\\.\\(\\+\\d+\\)");
    }
    assertThat(plain("x".repeat(8000))).hasSize(8000);
  }

  @Test
  void noInputBreaksIt() {
    List<byte[]> samples = List.of("peer=\u001b[2J\u202e é \uD83D\uDE00".getBytes(StandardCharsets.UTF_16BE), new byte[20_000]);
    new Fuzz(2, samples, 30_000).run(100_000, NeverThrown.class, bytes -> {
      String shown = quoted(new String(bytes, 0, Math.min(bytes.length, 2_000), StandardCharsets.UTF_16BE));
      for (int i = 0; i < shown.length(); i++) {
        char c = shown.charAt(i);
        if (c < 0x20 || c >= 0x7f && c < 0xa0 || c >= 0x202a && c <= 0x202e) {
          throw new AssertionError("a control character: " + (int) c);
        }
      }
    });
  }

  private static final class NeverThrown extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private static String plain(String text) {
    StringBuilder out = new StringBuilder();
    Escape.plain(text, out);
    return out.toString();
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder();
    Escape.quoted(text, out);
    return out.toString();
  }
}
