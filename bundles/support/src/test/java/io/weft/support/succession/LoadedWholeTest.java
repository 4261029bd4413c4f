package io.weft.support.succession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoadedWholeTest {

  @Test
  void namesWhatAClassUsesAndDescribes() throws IOException {
    Set<String> names = new HashSet<>();
    try (InputStream in = Uses.class.getResourceAsStream("LoadedWholeTest$Uses.class")) {
      LoadedWhole.named(in.readAllBytes(), names);
    }
    assertThat(names).contains("java/lang/Object", "java/util/ArrayList", "java/util/List", "java/net/URI", "java/util/BitSet")
        .noneMatch(name -> name.startsWith("["));
  }

  @Test
  void refusesWhatIsNoClassFile() {
    assertThatThrownBy(() -> LoadedWhole.named(new byte[] {1, 2, 3}, new HashSet<>())).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> LoadedWhole.named(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 99}, new HashSet<>()))
        .isInstanceOf(IOException.class).hasMessageContaining("99");
  }

  @Test
  void doesNothingOutsideOfAFramework() {
    assertThat(LoadedWhole.bundleOf(LoadedWholeTest.class)).isZero();
  }

  @SuppressWarnings("unused") // only its class file matters
  private static final class Uses {
    private java.net.URI field;
    private long number = 5_000_000_000L;
    private double fraction = 0.25;

    List<String> method(java.util.BitSet bits) {
      return new java.util.ArrayList<>(List.of(bits.toString(), String.valueOf(number)));
    }
  }
}
