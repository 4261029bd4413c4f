package org.example.usagefiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.AccountRef;
import io.weft.billing.Hour;
import io.weft.testkit.Fuzz;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files and what is read out of them. */
class UsageFilesTest {

  private static final Hour HOUR = Hour.parse("2026-01-31T09");
  private static final AccountRef BY_NUMBER = new AccountRef(17, "ab".repeat(32));
  private static final AccountRef BY_HASH = new AccountRef(18, "cd".repeat(32));
  private static final String GOOD = "# account,quantity\n017,1000.5\n\n" + "cd".repeat(32) + ",9223372036854775808\n19,3\n";

  @TempDir
  Path folder;

  @Test
  void anAccountIsKnownByNumberOrByHash() throws Exception {
    Files.writeString(folder.resolve("2026-01-31T09.csv"), GOOD);
    assertThat(new UsageFiles("storage", folder).read(HOUR, List.of(BY_NUMBER, BY_HASH))).containsOnly(
        Map.entry(17L, new BigDecimal("1000.5")), Map.entry(18L, new BigDecimal("9223372036854775808")));
  }

  @Test
  void anHourWithoutFileIsNotKnownAndOneWithAnEmptyFileIs() throws Exception {
    UsageFiles source = new UsageFiles("storage", folder);
    Files.createFile(folder.resolve("2026-01-31T09.csv"));
    assertThat(source.read(HOUR, List.of(BY_NUMBER))).isEmpty();
    assertThatThrownBy(() -> source.read(HOUR.plus(1), List.of(BY_NUMBER))).isInstanceOf(IOException.class)
        .hasMessageContaining("there is no 2026-01-31T10.csv yet");
  }

  @Test
  void oneWrongLineMakesTheHourUnknown() throws Exception {
    for (String bad : List.of("17", "17,", "17,-1", "17,1e9", "17,0x10", "alice@example.org,5", "17,1,2", "x".repeat(300))) {
      Files.writeString(folder.resolve("2026-01-31T09.csv"), "18,1\n" + bad + "\n");
      assertThatThrownBy(() -> new UsageFiles("storage", folder).read(HOUR, List.of(BY_HASH)))
          .as(bad).isInstanceOf(IOException.class).hasMessageContaining("2026-01-31T09.csv, line 2: ").hasMessageNotContaining("alice");
    }
    Files.writeString(folder.resolve("2026-01-31T09.csv"), "17,1\n017,2\n");
    assertThatThrownBy(() -> new UsageFiles("storage", folder).read(HOUR, List.of(BY_NUMBER))).hasMessageContaining("line 2: account 17 has");
  }

  @Test
  void strangeFilesAreNoMoreThanProblems() {
    List<AccountRef> accounts = List.of(BY_NUMBER, BY_HASH);
    new Fuzz(7, List.of(GOOD.getBytes(StandardCharsets.UTF_8)), 400).run(100_000, MalformedUsage.class, bytes -> read(bytes, accounts));
  }

  private static void read(byte[] bytes, List<AccountRef> accounts) {
    try {
      UsageTable.read(new BufferedReader(new StringReader(new String(bytes, StandardCharsets.UTF_8))), accounts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
