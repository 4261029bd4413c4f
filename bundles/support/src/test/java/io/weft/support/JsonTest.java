package io.weft.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void escapesWhatWouldBreakJsonOrATerminal() {
    assertThat(Json.compact("a\"b\\c\n\u001b[31m\u202e\u2028\ud800é😀")).isEqualTo(
        "\"a\\\"b\\\\c\\n\\u001b[31m\\u202e\\u2028\\ud800é😀\"");
  }

  @Test
  void numbersThatJsonDoesNotHaveAreNull() {
    assertThat(Json.compact(List.of(1, 2L, 0.5, Double.NaN, Double.POSITIVE_INFINITY))).isEqualTo("[1,2,0.5,null,null]");
  }

  @Test
  void linesShowOneElementPerLine() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("node", Map.of("id", "1"));
    value.put("links", List.of(Map.of("peer", "b"), Map.of("peer", "c")));
    value.put("names", List.of("x", "y"));
    value.put("none", List.of());
    assertThat(Json.lines(value)).isEqualTo("""
        {
          "node": {"id": "1"},
          "links": [
            {"peer": "b"},
            {"peer": "c"}
          ],
          "names": ["x", "y"],
          "none": []
        }""");
    assertThat(Json.lines(Map.of())).isEqualTo("{}");
  }

  @Test
  void readsBackWhatItWrote() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("text", "a\"b\\c\n\u001b\ud800é😀\u2028");
    value.put("list", Arrays.asList(1L, -2.5, true, false, null, List.of(), Map.of()));
    assertThat(JsonReader.read(Json.compact(value))).isEqualTo(value);
    assertThat(JsonReader.read(Json.lines(value))).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "1.", "-", "+1", "tru", "\"", "\"\\x\"",
      "\"\\u12g4\"",
      "1 2", "'a'", "\"a\nb\"", "NaN", "99999999999999999999", "[1"})
  void refusesWhatIsNotJson(String text) {
    assertThatThrownBy(() -> JsonReader.read(text)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("character");
  }

  @Test
  void refusesDeepNesting() {
    String deep = "[".repeat(100_000);
    assertThatThrownBy(() -> JsonReader.read(deep)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("nested");
  }
}
