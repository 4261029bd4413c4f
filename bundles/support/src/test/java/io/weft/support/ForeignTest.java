package io.weft.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ForeignTest {

  @Test
  void theRestIsHeard() {
    Supplier<List<String>> throwing = () -> {
      throw new NoClassDefFoundError("org/example/Gone");
    };
    Supplier<List<String>> silent = () -> null;
    Supplier<List<String>> gaps = () -> Arrays.asList("b", null);
    assertThat(Foreign.<Supplier<List<String>>, String>all(List.of(throwing, () -> List.of("a"), silent, gaps), Supplier::get))
        .containsExactly("a", "b");
  }

  @Test
  void oneThatDoesNotAnswerIsSpokenFor() {
    assertThat(Foreign.ask("x", word -> null, "otherwise")).isEqualTo("otherwise");
    assertThat(Foreign.ask("x", word -> {
      throw new IllegalStateException();
    }, "otherwise")).isEqualTo("otherwise");
    assertThat(Foreign.ask("x", word -> word + "y", "otherwise")).isEqualTo("xy");
  }
}
