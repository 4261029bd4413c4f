package io.weft.billing.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.Deposit;
import io.weft.billing.DepositBatch;
import io.weft.testkit.Fuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSourceTest {

  private static final String HEAD = "id,payer,amount,time\n";
  private static final String JSON = """
      [{"id": "j1", "payer": "0xAb", "amount": "0.000000000000000001", "time": "2026-01-01T00:00:00Z"}]""";

  @TempDir
  Path folder;

  @Test
  void readsEveryFileInOrderAndThenNothingMore() throws IOException {
    Files.writeString(folder.resolve("b.csv"), HEAD + line("3") + line("4") + line("5"));
    Files.writeString(folder.resolve("a.csv"), "time,amount,id,payer,note\n2026-01-01T00:00:00Z,1.50,1,\"Doe, \"\"J\"\"\",x\n");
    Files.writeString(folder.resolve("c.json"), JSON);
    Files.writeString(folder.resolve(".d.csv"), "hidden");
    Files.writeString(folder.resolve("e.csv.part"), "being written");
    List<Deposit> all = drain(2);
    assertThat(all).extracting(Deposit::id).containsExactly("1", "3", "4", "5", "j1");
    assertThat(all.get(0).payer()).isEqualTo("Doe, \"J\"");
    assertThat(all.get(4).amount()).isEqualByComparingTo(new BigDecimal("0.000000000000000001"));
  }

  @Test
  void aChangeGivesEverythingAgain() throws IOException {
    Files.writeString(folder.resolve("b.csv"), HEAD + line("2"));
    FolderSource source = new FolderSource("bank", folder);
    DepositBatch first = source.read("", 10);
    assertThat(first.more()).isFalse();
    assertThat(source.read(first.cursor(), 10).deposits()).isEmpty();
    Files.writeString(folder.resolve("a.csv"), HEAD + line("1"));
    assertThat(source.read(first.cursor(), 10).deposits()).extracting(Deposit::id).containsExactly("1");
  }

  @Test
  void aLineThatIsNotEndedIsLeftForLater() throws IOException {
    Files.writeString(folder.resolve("a.csv"), HEAD + line("1") + "2,somebody,5");
    assertThat(drain(10)).extracting(Deposit::id).containsExactly("1");
  }

  @Test
  void saysWhereSomethingIsWrongAndRepeatsNothingOfIt() throws IOException {
    assertWrong("x.csv", HEAD + "1,somebody@example.org,1e9,2026-01-01T00:00:00Z\n",
        "x.csv: line 2: expected an amount such as 12.50");
    assertWrong("x.csv", HEAD + "1,somebody@example.org,-1,2026-01-01T00:00:00Z\n", "x.csv: line 2: expected an amount");
    assertWrong("x.csv", HEAD + "1,somebody@example.org,0,2026-01-01T00:00:00Z\n", "must be more than zero");
    assertWrong("x.csv", HEAD + "1,somebody@example.org,1,yesterday\n", "expected a time such as");
    assertWrong("x.csv", HEAD + "1,somebody@example.org\n", "2 values for 4 columns");
    assertWrong("x.csv", "id,amount\n", "x.csv: line 1: the first line must name the columns id, payer, amount, time");
    assertWrong("x.csv", HEAD + "\"1,somebody@example.org\n", "a quote that does not end");
    assertWrong("x.csv", HEAD + "a b,somebody@example.org,1,2026-01-01T00:00:00Z\n", "printable ASCII");
    assertWrong("x.json", "{}", "x.json: expected a list of deposits");
    assertWrong("x.json", "[{\"id\": 1}]", "x.json: deposit 1: expected a string 'id'");
  }

  @Test
  void whateverIsInAFileItIsReadOrRefused() {
    List<byte[]> csv = List.of((HEAD + line("1") + "\"a\",\"b\"\"c\",2,2026-01-01T00:00:00Z\n").getBytes(StandardCharsets.UTF_8));
    new Fuzz(7, csv, 400).run(100_000, UncheckedIOException.class, bytes ->
        decode(new String(bytes, StandardCharsets.UTF_8), false));
    List<byte[]> json = List.of(JSON.getBytes(StandardCharsets.UTF_8));
    new Fuzz(8, json, 400).run(100_000, UncheckedIOException.class, bytes ->
        decode(new String(bytes, StandardCharsets.UTF_8), true));
  }

  private static void decode(String text, boolean json) {
    try {
      List<Deposit> deposits = json ? DepositFiles.json(text) : DepositFiles.csv(text);
      assertThat(deposits).allMatch(d -> d.amount().signum() > 0);
    } catch (MalformedDeposits e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertWrong(String file, String text, String expected) throws IOException {
    Path path = Files.writeString(folder.resolve(file), text);
    assertThatThrownBy(() -> drain(10)).isInstanceOf(MalformedDeposits.class).hasMessageContaining(expected)
        .hasMessageNotContaining("somebody");
    Files.delete(path);
  }

  private List<Deposit> drain(int max) throws IOException {
    FolderSource source = new FolderSource("bank", folder);
    List<Deposit> all = new ArrayList<>();
    DepositBatch batch = source.read("", max);
    all.addAll(batch.deposits());
    while (batch.more()) {
      batch = source.read(batch.cursor(), max);
      all.addAll(batch.deposits());
    }
    assertThat(source.read(batch.cursor(), max).deposits()).isEmpty();
    return all;
  }

  private static String line(String id) {
    return id + ",somebody@example.org,12.50,2026-01-01T00:00:00Z\n";
  }
}
