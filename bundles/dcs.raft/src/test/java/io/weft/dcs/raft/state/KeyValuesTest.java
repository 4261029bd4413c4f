package io.weft.dcs.raft.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dcs.Change;
import io.weft.dcs.Expect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyValuesTest {

  private final KeyValues values = new KeyValues();

  @Test
  void aSessionThatWasRenewedDoesNotExpire() {
    values.apply(2, new Command.Open("x", 1_000));
    values.apply(3, put("k", "s2"));
    values.apply(4, new Command.Renew("s2"));
    assertThat(values.apply(5, new Command.Expire("s2", 2))).isEqualTo(new Outcome.NoSession());
    assertThat(values.get("k")).isPresent();
    assertThat(values.apply(6, new Command.Expire("s2", 4))).isEqualTo(new Outcome.Done(6));
    assertThat(values.get("k")).isEmpty();
    assertThat(values.apply(7, put("k", "s2"))).isEqualTo(new Outcome.NoSession());
    assertThat(values.since("", 5).changes()).containsExactly(new Change.Deleted("k", 6));
  }

  @Test
  void theHistoryHasAnEndAndSaysSo() {
    for (int i = 2; i < History.CHANGES_MAX + 100; i++) {
      values.apply(i, put("k", ""));
    }
    assertThat(values.since("", 2).known()).isFalse();
    News page = values.since("", 1_000);
    assertThat(page.known()).isTrue();
    assertThat(page.more()).isTrue();
    assertThat(page.changes()).hasSize(History.PAGE_MAX);
    assertThat(page.upTo()).isEqualTo(1_000 + History.PAGE_MAX);
    assertThat(values.since("other/", 1_000).upTo()).isEqualTo(values.revision());
  }

  @Test
  void aSnapshotHoldsAllAndRefusesDamage(@TempDir Path directory) throws IOException {
    values.apply(2, new Command.Open("x", 1_000));
    values.apply(3, put("k", "s2"));
    values.apply(4, put("other", ""));
    Path file = directory.resolve("snapshot");
    SnapshotFile.write(file, values.image());
    KeyValues again = new KeyValues();
    again.become(SnapshotFile.read(file));
    assertThat(again.image()).isEqualTo(values.image());
    assertThat(again.bytes()).isEqualTo(values.bytes());
    again.apply(5, new Command.End("s2"));
    assertThat(again.list("").entries()).extracting(e -> e.key()).containsExactly("other");

    byte[] good = Files.readAllBytes(file);
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bad);
      assertThatThrownBy(() -> SnapshotFile.read(file)).isInstanceOf(Damaged.class).hasMessageStartingWith("snapshot snapshot is damaged");
    }
  }

  private static Command put(String key, String session) {
    return new Command.Put(List.of(new Op(Op.Kind.PUT, key, new byte[] {1}, Expect.any(), session)));
  }
}
