package io.weft.store.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.testkit.Fuzz;
import io.weft.testkit.ServerProcess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What comes out of an archive, and what is not let out. */
class ArchiveTest {

  private static final List<byte[]> HEADS = List.of(entry("a", '0', 0644, "", "hello"), entry("a/b", '2', 0777, "../c", ""));

  private final Path target = ServerProcess.temporaryDirectory("weft-archive");

  @AfterEach
  void close() {
    ServerProcess.delete(target);
  }

  @Test
  void filesDirectoriesAndLinksComeOutAsTheyAre() throws IOException {
    unpack(entry("bin/", '5', 0755, "", ""), entry("bin/run", '0', 0755, "", "hello"), entry("bin/a", '2', 0777, "run", ""),
        entry("lib/deep/x", '0', 0644, "", "y"));
    assertThat(target.resolve("bin/run")).hasContent("hello").isExecutable();
    assertThat(target.resolve("bin/a")).isSymbolicLink().hasContent("hello");
    assertThat(Files.isExecutable(target.resolve("lib/deep/x"))).isFalse();
  }

  @Test
  void nothingLeadsOut() {
    for (String name : new String[] {"../x", "/etc/x", "a/../../x"}) {
      assertThatThrownBy(() -> unpack(entry(name, '0', 0644, "",
          "x"))).isInstanceOf(IOException.class).hasMessageContaining("leads out");
    }
    for (String to : new String[] {"../../x", "/etc", ""}) {
      assertThatThrownBy(() -> unpack(entry("a", '2', 0644, to,
          ""))).isInstanceOf(IOException.class).hasMessageContaining("leads out");
    }
    assertThatThrownBy(() -> unpack(entry("d", '2', 0644, ".", ""), entry("d/x", '0', 0644, "", "x")))
        .hasMessageContaining("passes through a link");
    assertThatThrownBy(() -> unpack(entry("dev", '3', 0644, "", ""))).hasMessageContaining("is not expected");
  }

  @Test
  void whatIsDamagedIsRefused() throws IOException {
    byte[] good = join(entry("run", '0', 0755, "", "hello"), new byte[1_024]);
    Archive.tar(new ByteArrayInputStream(good), Files.createDirectory(target.resolve("good")));
    byte[] bad = good.clone();
    bad[3] ^= 1;
    assertThatThrownBy(() -> Archive.tar(new ByteArrayInputStream(bad), target)).hasMessageContaining("damaged");
    assertThatThrownBy(() -> Archive.tar(new ByteArrayInputStream(Arrays.copyOf(good, 514)),
        target)).hasMessageContaining("ends early");
  }

  @Test
  void everyHeadIsReadOrRefused() {
    new Fuzz(42, HEADS, 512).run(100_000, UncheckedIOException.class, input -> {
      try {
        Archive.Head.parse(Arrays.copyOf(input, 512));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** Fewer, since each may write files. */
  @Test
  void noInputLeadsOut() {
    Path inside = target.resolve("inside");
    new Fuzz(7, HEADS, 2_048).run(500, UncheckedIOException.class, input -> {
      try {
        if (Files.exists(inside, LinkOption.NOFOLLOW_LINKS)) {
          ServerProcess.delete(inside);
        }
        Archive.tar(new ByteArrayInputStream(input), Files.createDirectory(inside));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    assertThat(target).isDirectoryNotContaining(path -> !path.equals(inside));
  }

  private void unpack(byte[]... entries) throws IOException {
    Archive.tar(new ByteArrayInputStream(join(join(entries), new byte[1_024])), target);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] entry(String name, char kind, int mode, String link, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    byte[] head = new byte[512];
    put(head, 0, name);
    put(head, 100, String.format("%07o", mode));
    put(head, 124, String.format("%011o", bytes.length));
    put(head, 148, "        ");
    head[156] = (byte) kind;
    put(head, 157, link);
    put(head, 257, "ustar");
    long sum = 0;
    for (byte b : head) {
      sum += b & 0xff;
    }
    put(head, 148, String.format("%06o\0 ", sum));
    return join(head, Arrays.copyOf(bytes, (bytes.length + 511) / 512 * 512));
  }

  private static void put(byte[] head, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, head, at, bytes.length);
  }
}
