package io.weft.support.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.support.file.WholeFile.Sync;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WholeFileTest {

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("one.json");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource(Sync.class)
  void isMadeAndReplaced(Sync sync) throws IOException {
    WholeFile.write(file(), bytes("a longer first text"), sync);
    assertThat(file()).hasContent("a longer first text");
    WholeFile.write(file(), "second", sync);
    assertThat(file()).hasContent("second");
    assertThat(names()).containsExactly("one.json");
  }

  @Test
  void theOldContentStaysUntilTheNewOneIsWhole() throws IOException {
    WholeFile.write(file(), bytes("old"), Sync.NONE);
    WholeFile.write(file(), Sync.CONTENT, out -> {
      out.write(bytes("ne"));
      assertThat(file()).hasContent("old");
      out.write(bytes("w"));
    });
    assertThat(file()).hasContent("new");
  }

  @Test
  void aFailureLeavesTheOldContentAndNothingElse() throws IOException {
    WholeFile.write(file(), bytes("old"), Sync.NONE);
    assertThatThrownBy(() -> WholeFile.write(file(), Sync.NAME, out -> {
      out.write(bytes("half"));
      throw new IOException("no space left");
    })).hasMessage("no space left");
    assertThat(file()).hasContent("old");
    assertThat(names()).containsExactly("one.json");
  }

  @Test
  void whatSomebodyLeftWhoWasKilledIsInNobodysWay() throws IOException {
    Files.writeString(folder.resolve("one.json.part"), "much more than what comes now");
    WholeFile.write(file(), bytes("new"), Sync.CONTENT);
    assertThat(file()).hasContent("new");
    assertThat(names()).containsExactly("one.json");
  }

  @Test
  void aLinkBesideItIsNotFollowed() throws IOException {
    Path victim = Files.writeString(folder.resolve("victim"), "untouched");
    Files.createSymbolicLink(folder.resolve("one.json.part"), victim);
    WholeFile.writePrivate(file(), bytes("new"), Sync.NONE);
    assertThat(victim).hasContent("untouched");
    assertThat(file()).isRegularFile().hasContent("new");
  }

  @Test
  void aPrivateOneIsPrivateFromItsFirstByteOn() throws IOException {
    Files.writeString(file(), "readable");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    WholeFile.writePrivate(file(), bytes("secret"), Sync.NAME);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
  }

  @Test
  void anInterruptDoesNotCutItOff() throws IOException {
    Thread.currentThread().interrupt();
    try {
      WholeFile.write(file(), bytes("whole"), Sync.CONTENT);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(file()).hasContent("whole");
  }

  @Test
  void aFolderThatIsNotThereIsAFailure() {
    assertThatThrownBy(() -> WholeFile.write(folder.resolve("none/one.json"), new byte[1], Sync.NONE)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aNameWithoutAFolderIsInTheWorkingOne() throws IOException {
    Path here = Path.of("whole-file-test.tmp");
    try {
      WholeFile.write(here, bytes("x"), Sync.NAME);
      assertThat(here).hasContent("x");
    } finally {
      Files.deleteIfExists(here);
    }
  }
}
