package io.weft.secret.basic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.secret.Secret;
import io.weft.secret.SecretSource;
import io.weft.secret.SecretUnavailable;
import io.weft.testkit.SecretSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSecretsTest extends SecretSourceContract {

  @TempDir Path home;
  private Path dir;
  private FileSecrets secrets;

  @Override
  protected SecretSource open() throws IOException {
    dir = Files.createDirectory(home.resolve("secrets"), mode("rwx------"));
    secrets = new FileSecrets(dir);
    write(dir.resolve("db"), "correct horse\n");
    return secrets;
  }

  @Override
  protected String existing() {
    return "db";
  }

  @Override
  protected byte[] value() {
    return "correct horse".getBytes(UTF_8);
  }

  @Override
  protected String missing() {
    return "nothing/here";
  }

  @Test
  void stripsOneNewlineAndNoMore() throws Exception {
    write(dir.resolve("a"), "x\n\n");
    write(dir.resolve("b"), "x\r\n");
    write(dir.resolve("c"), " x ");

    assertThat(text("a")).isEqualTo("x\n");
    assertThat(text("b")).isEqualTo("x");
    assertThat(text("c")).isEqualTo(" x ");
  }

  @Test
  void readsFilesElsewhereAndInFoldersBelow() throws Exception {
    Path elsewhere = home.resolve("elsewhere");
    write(elsewhere, "far");
    Files.createDirectory(dir.resolve("sub"));
    write(dir.resolve("sub/near"), "near");

    assertThat(text(elsewhere.toString())).isEqualTo("far");
    assertThat(text("sub/near")).isEqualTo("near");
    assertThat(secrets.names()).containsExactly("db", "sub/near");
  }

  @Test
  void refusesAFileThatOthersCouldHaveRead() throws IOException {
    Path file = dir.resolve("db");
    for (String permissions : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      refused("db", "so others could have read it; run: chmod 600 " + file);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    refused("db", "secret:file/db: " + file + " has mode 0640, so others could have read it; run: chmod 600 " + file);
  }

  @Test
  void refusesAFolderThatOthersCouldLookInto() throws IOException {
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-x---"));

    refused("db", "secret:file/db: the folder " + dir + " has mode 0750, so others could look into it; run: chmod 700 " + dir);
  }

  @Test
  void refusesAFileElsewhereIfOthersCouldReplaceIt() throws IOException {
    Path open = Files.createDirectory(home.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    write(open.resolve("x"), "x");

    refused(open.resolve("x").toString(), "has mode 0777, so others could change it; run: chmod go-w " + open);
  }

  @Test
  void refusesALinkThatLeadsOut() throws IOException {
    write(home.resolve("outside"), "x");
    Files.createSymbolicLink(dir.resolve("link"), home.resolve("outside"));
    Files.createSymbolicLink(dir.resolve("inside"), dir.resolve("db"));

    refused("link", "leads out of " + dir + " through a symbolic link; copy the file there, or name it with its whole path");
    assertThat(readable("inside")).isTrue();
  }

  @Test
  void refusesWhatIsNoFileIsEmptyOrTooLong() throws IOException {
    Files.createDirectory(dir.resolve("folder"));
    write(dir.resolve("empty"), "\n");
    write(dir.resolve("long"), "x".repeat(FileSecrets.SECRET_MAX + 1));
    write(dir.resolve("longest"), "x".repeat(FileSecrets.SECRET_MAX) + "\n");

    refused("folder", " is not a file");
    refused("empty", " is empty");
    refused("long", " has more than 65536 bytes, which is too long for a secret");
    assertThat(readable("longest")).isTrue();
  }

  @Test
  void aFolderThatIsNotThereHasNoNames() {
    FileSecrets none = new FileSecrets(home.resolve("none"));

    assertThat(none.names()).isEmpty();
    assertThatThrownBy(() -> none.read("x"))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessage("secret:file/x: there is no file " + home.resolve("none/x") + "; write it with mode 0600");
  }

  private void refused(String name, String end) {
    assertThatThrownBy(() -> secrets.read(name)).isInstanceOf(SecretUnavailable.class).hasMessageEndingWith(end);
  }

  private boolean readable(String name) {
    try (Secret secret = secrets.read(name)) {
      return secret.copy().length > 0;
    } catch (SecretUnavailable e) {
      return false;
    }
  }

  private String text(String name) throws SecretUnavailable {
    try (Secret secret = secrets.read(name)) {
      return new String(secret.copy(), UTF_8);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file, mode("rw-------"));
    Files.writeString(file, text);
  }

  private static java.nio.file.attribute.FileAttribute<?> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }
}
