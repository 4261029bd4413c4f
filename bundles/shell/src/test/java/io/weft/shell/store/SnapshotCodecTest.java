package io.weft.shell.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dcs.Dcs;
import io.weft.testkit.Fuzz;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotCodecTest {

  private static final int HEADER = 10; // what is in front of the body: the magic and the version

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    Saved saved = sample();
    Saved read = SnapshotCodec.decode(SnapshotCodec.encode(saved));
    assertThat(read.backend()).isEqualTo("etcd");
    assertThat(read.fabric()).isEqualTo("demo");
    assertThat(read.taken()).isEqualTo(saved.taken());
    assertThat(read.revision()).isEqualTo(41);
    assertThat(read.values().keySet()).containsExactlyElementsOf(saved.values().keySet());
    assertThat(read.values().get("app/käse")).isEqualTo(new byte[] {0, -1});
    assertThat(read.digest()).isEqualTo(saved.digest()).hasSize(64);
    assertThat(read.bytes()).isEqualTo(saved.bytes());
    assertThat(SnapshotCodec.decode(SnapshotCodec.encode(saved(Map.of()))).values()).isEmpty();
  }

  @Test
  void everyChangedBitAndEveryCutIsNoticed() throws Exception {
    byte[] good = SnapshotCodec.encode(sample());
    for (int i = 0; i < good.length * 8; i++) {
      byte[] bad = good.clone();
      bad[i / 8] ^= (byte) (1 << i % 8);
      assertThatThrownBy(() -> SnapshotCodec.decode(bad)).isInstanceOf(DamagedSnapshot.class);
    }
    for (int length = 0; length < good.length; length++) {
      byte[] bad = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> SnapshotCodec.decode(bad)).isInstanceOf(DamagedSnapshot.class);
    }
    assertThatThrownBy(() -> SnapshotCodec.decode(Arrays.copyOf(good, good.length + 1))).isInstanceOf(DamagedSnapshot.class);
  }

  @Test
  void saysWhatIsWrong() {
    byte[] other = SnapshotCodec.encode(sample());
    other[9] = 2;
    assertThatThrownBy(() -> SnapshotCodec.decode(other)).hasMessage("it is of version 2; this node reads version 1");
    assertThatThrownBy(() -> SnapshotCodec.decode("fabric: demo\n".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("it is not a snapshot of a store");
    assertThatThrownBy(() -> SnapshotCodec.decode(new byte[SnapshotCodec.FILE_MAX + 1]))
        .hasMessage("it is larger than 32 MiB");
    byte[] good = SnapshotCodec.encode(sample());
    assertThatThrownBy(() -> SnapshotCodec.decode(Arrays.copyOf(good, good.length - 7)))
        .hasMessage("its checksum is wrong: it is cut off or was changed");
  }

  @Test
  void whatDoesNotFitIsNotWritten() {
    Map<String, byte[]> many = new LinkedHashMap<>();
    byte[] value = new byte[Dcs.VALUE_MAX];
    for (int i = 100; i < 100 + SnapshotCodec.FILE_MAX / Dcs.VALUE_MAX; i++) {
      many.put("k" + i, value);
    }
    assertThatThrownBy(() -> SnapshotCodec.encode(saved(many))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 32 MiB");
  }

  @Test
  void noFileBreaksTheDecoder() {
    byte[] sample = SnapshotCodec.encode(sample());
    new Fuzz(5, List.of(sample, SnapshotCodec.encode(saved(Map.of()))), 2_000).run(100_000, IllegalArgumentException.class, bytes -> {
      try {
        SnapshotCodec.decode(bytes);
      } catch (DamagedSnapshot e) {
        throw new IllegalArgumentException(e);
      }
    });
  }

  /** Nearly all of the above ends at the checksum; whoever makes a file can make that, too. */
  @Test
  void noBodyBreaksTheDecoderBehindTheChecksum() {
    byte[] sample = SnapshotCodec.encode(sample());
    byte[] body = Arrays.copyOfRange(sample, HEADER, sample.length - 32);
    new Fuzz(6, List.of(body), 2_000).run(100_000, IllegalArgumentException.class, bytes -> {
      try {
        Saved saved = SnapshotCodec.body(ByteBuffer.wrap(bytes));
        if (saved.bytes() > bytes.length) {
          throw new IllegalStateException("more came out than was put in");
        }
      } catch (DamagedSnapshot e) {
        throw new IllegalArgumentException(e);
      }
    });
  }

  private static Saved sample() {
    Map<String, byte[]> values = new LinkedHashMap<>();
    values.put("_jobs/billing/paused", new byte[0]);
    values.put("app/flag", "on".getBytes(StandardCharsets.UTF_8));
    values.put("app/käse", new byte[] {0, -1});
    return saved(values);
  }

  private static Saved saved(Map<String, byte[]> values) {
    return new Saved("etcd", "demo", Instant.parse("2026-01-01T01:02:03Z"), 41, values);
  }
}
