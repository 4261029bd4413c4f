package io.weft.dcs.raft.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dcs.raft.state.Damaged;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogCheckTest {

  @TempDir private Path directory;
  private final Random random = new Random(3);
  private final List<Integer> ends = new ArrayList<>();

  @Test
  void aGoodLogIsLeftAlone() throws IOException {
    byte[] open = segment(20, 4_096);
    write("log_0-19", segment(20, 0));
    write("log_inprogress_20", open);
    LogCheck.verify(directory);
    assertThat(Files.readAllBytes(directory.resolve("log_inprogress_20"))).isEqualTo(open);
  }

  @Test
  void whatWasNeverFinishedIsCutOff() throws IOException {
    byte[] bytes = segment(20, 4_096);
    int last = ends.get(18);
    int end = ends.get(19);
    for (int cut = last + 1; cut <= end - 4; cut++) {
      byte[] torn = bytes.clone();
      Arrays.fill(torn, cut, torn.length, (byte) 0);
      write("log_inprogress_0", torn);
      LogCheck.verify(directory);
      assertThat(Files.size(directory.resolve("log_inprogress_0"))).as("cut at " + cut).isIn((long) last, (long) torn.length);
      write("log_inprogress_0", Arrays.copyOf(bytes, cut));
      LogCheck.verify(directory);
      assertThat(Files.size(directory.resolve("log_inprogress_0"))).as("short at " + cut).isEqualTo(last);
    }
  }

  @Test
  void eachFlippedBitIsFound() throws IOException {
    byte[] bytes = segment(20, 4_096);
    for (int i = 0; i < 2_000; i++) {
      byte[] bad = bytes.clone();
      bad[random.nextInt(ends.get(19))] ^= (byte) (1 << random.nextInt(8));
      write("log_inprogress_0", bad);
      assertThatThrownBy(() -> LogCheck.verify(directory)).isInstanceOf(Damaged.class);
    }
  }

  @Test
  void whatIsMissingIsFound() throws IOException {
    write("log_0-19", segment(20, 0));
    write("log_30-49", segment(20, 0));
    assertThatThrownBy(() -> LogCheck.verify(directory)).isInstanceOf(Damaged.class)
        .hasMessage("entries 20 to 29 of the log are missing");
    Files.delete(directory.resolve("log_30-49"));
    write("log_0-19", segment(19, 0));
    assertThatThrownBy(() -> LogCheck.verify(directory)).isInstanceOf(Damaged.class).hasMessage("log_0-19 ends after entry 18");
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(directory.resolve(name), bytes);
  }

  /** Entries of 150 to 250 bytes, then zeros. */
  private byte[] segment(int entries, int zeros) {
    ends.clear();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < entries; i++) {
      byte[] entry = new byte[150 + random.nextInt(100)];
      random.nextBytes(entry);
      byte[] head = {(byte) (entry.length & 0x7f | 0x80), (byte) (entry.length >>> 7)};
      CRC32C checksum = new CRC32C();
      checksum.update(head);
      checksum.update(entry);
      out.writeBytes(head);
      out.writeBytes(entry);
      out.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
      ends.add(out.size());
    }
    out.writeBytes(new byte[zeros]);
    return out.toByteArray();
  }
}
