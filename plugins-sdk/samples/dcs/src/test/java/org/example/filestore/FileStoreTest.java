package org.example.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.Write;
import io.weft.dcs.WriteResult;
import io.weft.testkit.Fuzz;
import io.weft.testkit.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left after a restart, and what the file is protected from. */
class FileStoreTest {

  private static final byte[] VALUE = "v".getBytes(StandardCharsets.UTF_8);

  @TempDir
  Path folder;

  private final ManualTime time = new ManualTime();

  @Test
  void whatWasConfirmedIsThereAfterARestartAndRevisionsGoOn() throws Exception {
    LocalStore store = open();
    long revision = store.write(List.of(put("a/b", Expect.absent()))).orThrow();
    store.close();

    LocalStore again = open();
    assertThat(again.get("a/b").map(Entry::revision)).contains(revision);
    assertThat(again.write(List.of(put("a/c", Expect.any()))).orThrow()).isGreaterThan(revision + 1);
    assertThat(again.since(revision, "")).as("nobody knows what came after").isEmpty();
    again.close();
  }

  @Test
  void aSessionEndsWithItsTimeAndTakesItsKeys() throws Exception {
    LocalStore store = open();
    String id = store.open(Duration.ofSeconds(2)).orElseThrow();
    time.advance(Duration.ofSeconds(1));
    assertThat(store.renew(id)).isTrue();
    time.advance(Duration.ofMillis(1_999));
    assertThat(store.renew(id)).isTrue();
    time.advance(Duration.ofSeconds(2));
    assertThat(store.renew(id)).isFalse();
    store.close();
  }

  @Test
  void aFileIsForOneProcessAndItsOwnerOnly() throws Exception {
    LocalStore store = open();
    store.write(List.of(put("k", Expect.any())));
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("in use");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("store.json")))).isEqualTo("rw-------");
    store.close();
    open().close();
  }

  @Test
  void aDamagedFileIsSaidAndLeftAsItIs() throws Exception {
    Files.writeString(folder.resolve("store.json"), "{\"revision\": 3");
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("move it away");
    assertThat(folder.resolve("store.json")).hasContent("{\"revision\": 3");
  }

  @Test
  void aDiskThatTakesNothingIsARefusal() throws Exception {
    LocalStore store = open();
    Files.createDirectories(folder.resolve("store.json/in the way"));
    assertThat(store.write(List.of(put("k", Expect.any())))).isInstanceOf(WriteResult.Refused.class);
    assertThat(store.get("k")).isEmpty();
    store.close();
  }

  @Test
  void strangeFilesAreNoMoreThanDamaged() {
    String good = "{\"revision\":3,\"entries\":[{\"key\":\"a/b\",\"revision\":2,\"value\":\"dg==\"}]}";
    new Fuzz(11, List.of(good.getBytes(StandardCharsets.UTF_8)), 300).run(
        100_000, IllegalArgumentException.class, bytes -> StoreFile.parse(new String(bytes, StandardCharsets.UTF_8)));
  }

  private LocalStore open() throws IOException {
    return new LocalStore(new StoreFile(folder.resolve("store.json"), true), time, Runnable::run);
  }

  private static Write put(String key, Expect expect) {
    return new Write.Put(key, VALUE, expect, Optional.empty());
  }
}
