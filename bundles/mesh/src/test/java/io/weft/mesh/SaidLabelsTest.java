package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node says of itself reaches its peers over links, when it comes up and when it changes. */
class SaidLabelsTest {

  private static final String URL = "turn:192.0.2.7:3478";

  private final Sim sim = new Sim(7, Map.of(), "a", "b");

  @BeforeEach
  void start() {
    sim.start("a", "b");
    sim.start("b", "a").node.labels(Map.of("relay", URL, "area", "eu", "vip", "7", "owner", "bob"));
    assertThat(sim.runUntil(Duration.ofSeconds(10), () -> !told().isEmpty())).isTrue();
  }

  @AfterEach
  void close() {
    sim.close();
  }

  private Map<String, Map<String, String>> told() {
    return sim.node("a").fabric.labels();
  }

  @Test
  void onlyLabelsThatPeersMaySayAreSaid() {
    assertThat(told()).isEqualTo(Map.of("b", Map.of("relay", URL, "area", "eu")));
    assertThat(sim.node("b").fabric.labels()).isEmpty();
  }

  @Test
  void aPeerThatSaysMoreThanItMayIsHeardInPart() {
    SaidLabels labels = new SaidLabels();
    labels.said("b", Map.of("relay", URL, "vip", "7", "site", "home"));
    assertThat(labels.all()).isEqualTo(Map.of("b", Map.of("relay", URL)));
  }

  @Test
  void aChangeIsSaidWhileTheLinkIsUp() {
    sim.node("b").node.labels(Map.of("relay", "turn:192.0.2.8:3478"));
    assertThat(sim.runUntil(Duration.ofSeconds(30), () -> told().equals(Map.of("b", Map.of("relay", "turn:192.0.2.8:3478"))))).isTrue();
    sim.node("b").node.labels(Map.of());
    assertThat(sim.runUntil(Duration.ofSeconds(30), () -> told().isEmpty())).isTrue();
  }

  @Test
  void whatWasSaidOutlivesTheLinkAndEndsWithThePeer() {
    sim.cut("a", "b");
    assertThat(sim.runUntil(Duration.ofMinutes(2), () -> !sim.node("a").isUp("b"))).isTrue();
    assertThat(told()).containsKey("b");
    sim.node("a").knows();
    assertThat(sim.runUntil(Duration.ofMinutes(2), () -> told().isEmpty())).isTrue();
  }

  @Test
  void aPeerThatComesBackWithoutLabelsSaysSo() {
    sim.kill("b");
    sim.start("b", "a");
    assertThat(sim.runUntil(Duration.ofMinutes(2), () -> sim.node("a").isUp("b") && told().isEmpty())).isTrue();
  }
}
