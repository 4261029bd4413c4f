package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledStateTest {

  private static final InstalledBundle A = new InstalledBundle("plugin:a", "a.jar", 80, true, 0, "");
  private static final InstalledBundle B = new InstalledBundle("plugin:b", "b.jar", 80, true, 2, "it did not start");

  @TempDir Path dir;

  @Test
  void survivesAFile() throws Exception {
    InstalledState state = InstalledState.EMPTY.with(List.of(A)).begin(List.of(A, B), "install b", 7, List.of("links")).starts(2);
    state.write(dir.resolve("f"));
    assertThat(InstalledState.read(dir.resolve("f"))).isEqualTo(state);
  }

  @Test
  void theFileOfAnEarlierVersionIsRead() throws Exception {
    Path file = Files.writeString(dir.resolve("f"),
        "{\"bundles\":[{\"location\":\"mvn:x\",\"jar\":\"1.jar\",\"startLevel\":80,\"started\":true}]}");
    assertThat(InstalledState.read(file))
        .isEqualTo(InstalledState.EMPTY.with(List.of(new InstalledBundle("mvn:x", "1.jar", 80, true, 0, ""))));
  }

  @Test
  void aChangeIsOnTrialUntilItIsKept() {
    InstalledState begun = InstalledState.EMPTY.with(List.of(A)).begin(List.of(A, B), "install b", 7, List.of());
    assertThat(begun.change().applying()).isTrue();
    InstalledState applied = begun.applied();
    assertThat(applied.change().applying()).isFalse();
    assertThat(applied.history().get(0).outcome()).isEqualTo("on trial");
    InstalledState kept = applied.close("kept");
    assertThat(kept.change()).isNull();
    assertThat(kept.history().get(0).outcome()).isEqualTo("kept");
    assertThat(kept.previous()).containsExactly(A);
  }

  @Test
  void whatComesBackIsOnTrialUntilItIsTheLastSetThatWasGood() {
    InstalledState twice = InstalledState.EMPTY.with(List.of(A)).begin(List.of(), "remove a", 7, List.of()).applied()
        .begin(List.of(B), "install b", 8, List.of()).applied();
    assertThat(twice.jars()).contains("a.jar", "b.jar");
    InstalledState once = twice.putBack("put back").applied();
    assertThat(once.bundles()).isEmpty();
    assertThat(once.change()).as("nobody found it good either").isNotNull();
    InstalledState back = once.putBack("put back again");
    assertThat(back.bundles()).containsExactly(A);
    assertThat(back.change().applying()).isTrue();
    assertThat(back.applied().change()).isNull();
    assertThat(back.history()).extracting(InstalledState.Line::outcome).containsExactly("replaced by the next change", "put back");
  }

  @Test
  void damagedFilesAreOneKindOfFailure() throws Exception {
    InstalledState state = InstalledState.EMPTY.with(List.of(A)).begin(List.of(A, B), "install b", 7, List.of());
    state.write(dir.resolve("f"));
    byte[] good = Files.readAllBytes(dir.resolve("f"));
    Path file = dir.resolve("g");
    for (int i = 0; i < 300; i++) {
      byte[] bytes = java.util.Arrays.copyOf(good, good.length * i / 300);
      Files.write(file, bytes);
      assertThatThrownBy(() -> InstalledState.read(file)).isInstanceOf(IOException.class);
    }
  }
}
