package io.weft.dcs.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class NatsSubjectsTest {

  private final NatsSubjects subjects = new NatsSubjects("weft_demo");

  @Test
  void keysComeBackAsTheyWere() {
    for (String key : List.of("a", "a/b", "*", ">", "a.b/c d", "käse", "\uD83D\uDE00", "=2F", "$KV")) {
      String subject = subjects.key(key);
      assertThat(subject.substring("$KV.weft_demo.".length())).matches("[A-Za-z0-9_=.-]+");
      assertThat(subjects.keyOf(subject)).isEqualTo(key);
    }
    assertThat(subjects.below("a/")).isEqualTo("$KV.weft_demo.a.>");
    assertThat(subjects.below("")).isEqualTo(subjects.allKeys());
  }

  @Test
  void whateverIsInTheBucketIsAKeyOrIsNot() {
    List<byte[]> samples = List.of("$KV.weft_demo.a.b=2F".getBytes(StandardCharsets.UTF_8),
        subjects.key("käse/x y").getBytes(StandardCharsets.UTF_8));
    new Fuzz(1, samples, 400).run(100_000, IllegalArgumentException.class, bytes -> {
      String key = subjects.keyOf(new String(bytes, StandardCharsets.UTF_8));
      if (key != null && !subjects.keyOf(subjects.key(key)).equals(key)) {
        throw new IllegalStateException("a key does not come back");
      }
    });
  }
}
