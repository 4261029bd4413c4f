package io.weft.node.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogbackLevelsTest {

  private final LogbackLevels levels = new LogbackLevels();

  @AfterEach
  void reset() {
    levels.set("io.weft.test", "default");
  }

  @Test
  void setsAndForgetsALevel() {
    levels.set("io.weft.test", "DEBUG");
    assertThat(levels.levels()).containsEntry("io.weft.test", "debug").containsKey("root");

    levels.set("io.weft.test", "default");
    assertThat(levels.levels()).doesNotContainKey("io.weft.test");
  }

  @Test
  void refusesWhatIsNoLevel() {
    assertThatThrownBy(() -> levels.set("io.weft.test", "loud"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a level is error, warn, info, debug, trace or default, not 'loud'");
  }
}
