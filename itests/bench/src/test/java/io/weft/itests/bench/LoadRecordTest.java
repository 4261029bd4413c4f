package io.weft.itests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.dcs.LoadRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadRecordTest {

  @TempDir
  Path folder;

  private LoadRecord of(String... lines) throws IOException {
    Path file = Files.write(folder.resolve("a"), List.of(lines));
    return new LoadRecord(List.of(file, folder.resolve("not yet"))).update();
  }

  @Test
  void whatCanHaveBeenIsNoViolation() throws IOException {
    assertThat(of("w k 1 10 20", "r k 1 15 18", "r k 0 12 30", "w k 2 30 50", "r k 1 40 60", "r k 2 61 70", "w other 1 80 90").violations())
        .isEmpty();
  }

  @Test
  void aReadOfLessThanWasAcknowledgedIsOne() throws IOException {
    assertThat(of("w k 2 10 20", "r k 1 21 30").violations()).singleElement().asString().contains("number=1").contains("number=2");
  }

  @Test
  void aReadOfLessThanSomebodySawIsOne() throws IOException {
    assertThat(of("r k 2 10 20", "r k 1 21 30").violations()).hasSize(1);
  }

  @Test
  void aNumberThatIsWrittenTwiceIsOne() throws IOException {
    assertThat(of("w k 2 10 20", "w k 2 21 30").violations()).hasSize(1);
  }

  @Test
  void onlyWritesThatWereAskedForLaterCountAsTheNext() throws IOException {
    LoadRecord record = of("w k 1 10 200", "w k 2 110 150", "w k 3 120 140", "r k 3 110 120");
    assertThat(record.firstWriteAfter(100)).hasValue(140);
    assertThat(record.writesBetween(140, 200)).isEqualTo(2);
  }

  @Test
  void readsWhatIsAddedAndNothingByHalves() throws IOException {
    LoadRecord record = of("w k 1 10 20");
    Files.writeString(folder.resolve("a"), "w k 2 30 4", StandardOpenOption.APPEND);
    assertThat(record.update().lines()).hasSize(1);
    Files.writeString(folder.resolve("a"), "0\n", StandardOpenOption.APPEND);
    assertThat(record.update().lines()).hasSize(2);
    assertThat(record.update().firstWriteAfter(25)).hasValue(40);
  }
}
