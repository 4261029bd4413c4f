package io.weft.launcher.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  private static final String GOOD = """
      // a comment
      {"a": [1, -2.5e3, true, false, null, "x\\n\\u00e9\\"\\\\"], /* another */ "b": {"c": {}}, "d": []}
      """;

  @Test
  void readsWhatTheGrammarHasAndComments() throws Json.Malformed {
    Map<String, Object> map = Json.parseObject(GOOD);
    assertThat(map.get("a")).isEqualTo(Arrays.asList(1L, -2500.0, true, false, null, "x\né\"\\"));
    assertThat(map.get("b")).isEqualTo(Map.of("c", Map.of()));
    assertThat(map.get("d")).isEqualTo(List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":1,\"a\":2}", "\"x", "\"\\q\"", "\"\\u12g4\"", "01", "1.", "+1", "nul",
      "[1] 2", "/* x", "{1:2}", "\"\n\""})
  void refusesWhatIsNotJson(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(Json.Malformed.class);
  }

  @Test
  void nestingIsBounded() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).hasMessageContaining("nesting");
  }

  @Test
  void whatIsWrittenReadsTheSame() throws Json.Malformed {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", "a\"\\\n\u0001é");
    map.put("list", Arrays.asList(1L, true, null));
    map.put("empty", Map.of());
    assertThat(Json.parse(Json.write(map))).isEqualTo(map);
  }

  @Test
  void noInputBreaksIt() {
    new Fuzz(1, List.of(GOOD.getBytes(StandardCharsets.UTF_8), "[[[1]]]".getBytes(StandardCharsets.UTF_8)), 4096).run(100_000, Json.Malformed.class, bytes -> {
      try {
        Json.parse(new String(bytes, StandardCharsets.UTF_8));
      } catch (Json.Malformed expected) {
        assertThat(expected.getMessage()).isNotEmpty();
      }
    });
  }
}
