package io.weft.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Change;
import io.weft.dcs.Entry;
import io.weft.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EtcdJsonTest {

  private static final String KEY = EtcdJson.base64("weft/demo/a".getBytes(StandardCharsets.UTF_8));
  private static final String EVENTS = "{\"result\":{\"header\":{\"revision\":\"7\"},\"events\":["
      + "{\"kv\":{\"key\":\"" + KEY + "\",\"mod_revision\":\"6\",\"value\":\"dg==\",\"lease\":\"12\"}},"
      + "{\"type\":\"DELETE\",\"kv\":{\"key\":\"" + KEY + "\",\"mod_revision\":\"7\"}}]}}";
  private static final String COMPACTED = "{\"result\":{\"canceled\":true,\"compact_revision\":\"9\"}}";
  private static final String RANGE =
      "{\"header\":{\"revision\":\"3\"},\"kvs\":[{\"key\":\"" + KEY
          + "\",\"mod_revision\":\"2\",\"value\":\"dg==\"}],\"count\":\"1\"}";

  private final EtcdJson json = new EtcdJson("weft/demo/");

  @Test
  void readsEvents() {
    assertThat(json.watchMessage(EVENTS).changes()).containsExactly(
        new Change.Put(new Entry("a", new byte[] {'v'}, 6, Optional.of("12"))), new Change.Deleted("a", 7));
    assertThat(json.watchMessage(COMPACTED).compacted()).isTrue();
  }

  @Test
  void keysOfOthersAreLeftOut() {
    assertThat(new EtcdJson("weft/other/").watchMessage(EVENTS).changes()).isEmpty();
    assertThat(new EtcdJson("weft/other/").entries(EtcdJson.object(RANGE))).isEmpty();
    assertThat(json.entries(EtcdJson.object(RANGE))).hasSize(1);
  }

  @Test
  void whateverComesIsReadOrRefused() {
    List<byte[]> samples = List.of(EVENTS.getBytes(StandardCharsets.UTF_8), COMPACTED.getBytes(StandardCharsets.UTF_8),
        RANGE.getBytes(StandardCharsets.UTF_8));
    new Fuzz(1, samples, 2_000).run(100_000, IllegalArgumentException.class, bytes -> {
      String text = new String(bytes, StandardCharsets.UTF_8);
      json.watchMessage(text);
      json.entries(EtcdJson.object(text));
    });
  }
}
