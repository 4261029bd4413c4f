package io.weft.launcher.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DevOptionsTest {

  @Test
  void hasDefaultsForAll() throws Exception {
    assertThat(DevOptions.parse(List.of())).isEqualTo(new DevOptions(Path.of("").toAbsolutePath(), 2, 17450));
  }

  @Test
  void takesWhatIsTyped() throws Exception {
    assertThat(DevOptions.parse(List.of("--nodes", "1", "--port", "20000", "--dir", "/x/../y"))).isEqualTo(new DevOptions(Path.of("/y"), 1, 20000));
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> DevOptions.parse(List.of("--nodes", "3")))
        .hasMessage("--nodes needs a number from 1 to 2, not '3'; see weft dev --help");
    assertThatThrownBy(() -> DevOptions.parse(List.of("--nodes"))).hasMessage("--nodes needs a value; see weft dev --help");
    assertThatThrownBy(() -> DevOptions.parse(List.of("--fast"))).hasMessage("weft dev does not know '--fast'; see weft dev --help");
  }
}
