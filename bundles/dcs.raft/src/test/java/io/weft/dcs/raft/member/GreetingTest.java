package io.weft.dcs.raft.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GreetingTest {

  private static final Lineage FIRST = Lineage.FOUNDED.recovered(1_000, "abc");
  private static final Lineage SECOND = FIRST.recovered(2_000, "def");

  @Test
  void laterRecoveriesCountAndOfTwoAtOnceTheOlder() {
    assertThat(List.of(SECOND, Lineage.FOUNDED, FIRST, Lineage.FOUNDED.recovered(900, "xyz")).stream().sorted())
        .containsExactly(Lineage.FOUNDED, FIRST, Lineage.FOUNDED.recovered(900, "xyz"), SECOND);
    assertThat(Lineage.parse(SECOND.toString())).isEqualTo(SECOND);
    assertThat(Lineage.parse("")).isEqualTo(Lineage.FOUNDED);
    assertThat(FIRST.group("demo")).isNotEqualTo(Lineage.FOUNDED.group("demo")).isNotEqualTo(SECOND.group("demo"));
  }

  @Test
  void ofTwoWhoSayThatTheyLeadTheLaterStoreCounts() {
    Map<String, Greeting> said = Map.of("a", greeting("a", true, FIRST), "b", greeting("b", true, Lineage.FOUNDED),
        "c", greeting("b", false, Lineage.FOUNDED));
    assertThat(Greeting.leader(said).orElseThrow().getKey()).isEqualTo("a");
    Map<String, Greeting> alike = Map.of("a", greeting("a", true, FIRST), "b", greeting("b", true, FIRST),
        "c", greeting("b", false, FIRST));
    assertThat(Greeting.leader(alike).orElseThrow().getKey()).as("whom others name").isEqualTo("b");
  }

  @Test
  void whateverElseComesIsRefused() {
    byte[] good = greeting("a", true, SECOND).encode();
    assertThat(Greeting.decode(good)).isEqualTo(greeting("a", true, SECOND));
    new Fuzz(1, List.of(good), 512).run(70_000, IllegalArgumentException.class, Greeting::decode);
    new Fuzz(2, List.of(SECOND.toString().getBytes(StandardCharsets.UTF_8)), 128).run(30_000, IllegalArgumentException.class,
        bytes -> Lineage.parse(new String(bytes, StandardCharsets.UTF_8)));
  }

  private static Greeting greeting(String leader, boolean leads, Lineage lineage) {
    return new Greeting("s1", List.of("a~s1"), List.of("a~s1", "b~s2"), leader, leads, 7, 8, List.of("a", "b"), lineage);
  }
}
