package io.weft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.discovery.DiscoverySource;
import io.weft.discovery.Observation;
import io.weft.discovery.Observer;
import io.weft.node.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FakeDiscoverySourceTest extends DiscoverySourceContract {

  private static final Observation B = new Observation("b", List.of(), Map.of(), Duration.ZERO);
  private static final Observation C = new Observation("c", List.of(), Map.of(), Duration.ZERO);

  @Override
  protected DiscoverySource open() {
    return new FakeDiscoverySource("fake", B);
  }

  @Test
  void tellsWhatTheTestFindsAndLoses() {
    FakeDiscoverySource source = new FakeDiscoverySource("fake", B);
    List<String> told = new ArrayList<>();
    Observer observer = new Observer() {
      @Override
      public void found(Observation observation) {
        told.add("+" + observation.peer());
      }

      @Override
      public void lost(String peer) {
        told.add("-" + peer);
      }
    };
    Registration watch = source.watch(observer);
    source.find(C);
    source.lose("b");
    watch.close();
    source.lose("c");
    assertThat(told).containsExactly("+b", "+c", "-b");
  }
}
