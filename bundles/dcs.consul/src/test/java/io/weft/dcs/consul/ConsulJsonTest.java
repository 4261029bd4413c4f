package io.weft.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Entry;
import io.weft.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConsulJsonTest {

  private static final String LIST = "[{\"Key\":\"weft/demo/a=2Eb\",\"ModifyIndex\":7,\"Value\":\"dg==\",\"Session\":\"s\"},"
      + "{\"Key\":\"other\",\"ModifyIndex\":8,\"Value\":null}]";
  private static final String DONE = "{\"Results\":[{\"KV\":{\"Key\":\"k\",\"ModifyIndex\":9}}],\"Errors\":null}";
  private static final String REFUSED = "{\"Results\":null,\"Errors\":[{\"OpIndex\":0,\"What\":\"key \\\"k\\\" exists\"}]}";

  private final ConsulJson json = new ConsulJson("weft/demo/");

  @Test
  void readsWhatConsulSays() {
    assertThat(json.entries(LIST)).containsExactly(new Entry("a.b", new byte[] {'v'}, 7, Optional.of("s")));
    assertThat(ConsulJson.newestIndex(DONE)).isEqualTo(9);
    assertThat(ConsulJson.errors(REFUSED)).containsExactly("key \"k\" exists");
  }

  @Test
  void keysComeBackAsTheyWere() {
    for (String key : List.of("a", "a/b", "..", "a b?#", "käse", "=2F")) {
      assertThat(json.encode(key)).matches("weft/demo/[A-Za-z0-9_=/-]+");
      assertThat(json.decode(json.encode(key))).isEqualTo(key);
    }
  }

  @Test
  void whateverComesIsReadOrRefused() {
    List<byte[]> samples = List.of(LIST.getBytes(StandardCharsets.UTF_8), DONE.getBytes(StandardCharsets.UTF_8),
        REFUSED.getBytes(StandardCharsets.UTF_8));
    new Fuzz(1, samples, 2_000).run(100_000, IllegalArgumentException.class, bytes -> {
      String text = new String(bytes, StandardCharsets.UTF_8);
      ConsulJson.errors(text);
      json.entries(text);
      ConsulJson.newestIndex(text);
    });
  }
}
