package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PlatformTest {

  @Test
  void elsewhereThanOnLinuxOnX86TheStartIsRefusedInOneLine() {
    assertThatCode(() -> RunCommand.checkPlatform("Linux", "amd64")).doesNotThrowAnyException();
    assertThatThrownBy(() -> RunCommand.checkPlatform("Linux", "aarch64")).hasMessageContaining("Linux on aarch64");
    assertThatThrownBy(() -> RunCommand.checkPlatform("Mac OS X", "x86_64")).hasMessageContaining("Mac OS X");
  }
}
