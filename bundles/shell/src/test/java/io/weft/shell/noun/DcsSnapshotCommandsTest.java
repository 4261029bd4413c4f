package io.weft.shell.noun;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Dcs;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.Session;
import io.weft.node.Setting;
import io.weft.shell.Rig;
import io.weft.shell.Sample;
import io.weft.support.JsonReader;
import io.weft.testkit.dcs.MemoryDcs;
import io.weft.testkit.dcs.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store as a file, as an operator has it. */
class DcsSnapshotCommandsTest {

  @TempDir
  Path home;

  private final Sample sample = new Sample();
  private final Rig rig = sample.rig;
  private final Dcs dcs = rig.stores().get(0);

  @BeforeEach
  void live() {
    sample.node.home = home;
  }

  @Test
  void aSnapshotIsPrivateAndWhole() throws Exception {
    Rig.Result result = rig.run("dcs snapshot", "all.dcs", "--json");
    Map<?, ?> json = (Map<?, ?>) JsonReader.read(result.out());
    Path file = home.resolve("all.dcs");
    assertThat(json.get("keys")).isEqualTo(1L);
    assertThat(json.get("size")).isEqualTo(Files.size(file));
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files).as("no other file is left").containsExactly(file);
    }
    assertThat(rig.run("dcs snapshot", "all.dcs").failure()).endsWith("is there already; choose another name, or add --replace");
    assertThat(rig.run("dcs snapshot", "all.dcs", "--replace").out()).contains("1 key of memory at revision");
    assertThat(rig.run("dcs snapshot", "nowhere/all.dcs").failure()).contains("cannot be written: there is no directory");
  }

  @Test
  void restoringMakesTheStoreAsItWas() throws Exception {
    put("app/other", "1");
    rig.run("dcs snapshot", "all.dcs");
    put("app/flag", "off");
    put("app/new", "2");
    done(dcs.delete("app/other", Expect.any()));
    Session session = done(dcs.open("holder", Duration.ofSeconds(10)));
    done(dcs.put("app/held", new byte[0], Expect.any(), session));

    Rig.Result dry = rig.run("dcs restore", "all.dcs");
    assertThat(dry.out()).contains("would create 1 key: app/other", "would change 1 key: app/flag", "would delete 1 key: app/new",
        "1 key of sessions stay", "nothing was done");
    assertThat(value("app/flag")).isEqualTo("off");

    assertThat(rig.run("dcs restore", "all.dcs", "--yes").out()).contains("done; memory holds what the file says");
    assertThat(keys()).containsExactly("app/flag", "app/held", "app/other");
    assertThat(value("app/flag")).isEqualTo("on");
    Map<?, ?> again = (Map<?, ?>) JsonReader.read(rig.run("dcs restore", "all.dcs", "--yes", "--json").out());
    assertThat(again.get("same")).isEqualTo(2L);
    assertThat(again.get("create")).isEqualTo(0L);
  }

  @Test
  void aDamagedFileIsRefusedInOneLine() throws Exception {
    rig.run("dcs snapshot", "all.dcs");
    byte[] bytes = Files.readAllBytes(home.resolve("all.dcs"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(home.resolve("all.dcs"), bytes);
    put("app/flag", "off");
    assertThat(rig.run("dcs restore", "all.dcs", "--yes")).isEqualTo(new Rig.Result("", home.resolve("all.dcs")
        + " cannot be restored: its checksum is wrong: it is cut off or was changed", 3));
    assertThat(value("app/flag")).isEqualTo("off");
    assertThat(rig.run("dcs restore", "none.dcs").failure()).endsWith("none.dcs is not there");
    assertThat(rig.run("dcs restore", ".").failure()).contains("cannot be restored: it is not a file");
  }

  @Test
  void theSnapshotOfAnotherFabricIsRefused() throws Exception {
    rig.run("dcs snapshot", "all.dcs");
    Path file = home.resolve("all.dcs");
    Files.write(file, io.weft.shell.store.SnapshotCodec.encode(new io.weft.shell.store.Saved("etcd", "prod", rig.now(), 1,
        Map.of("app/flag", new byte[0]))));
    assertThat(rig.run("dcs restore", "all.dcs").failure()).contains("is of fabric 'prod', and this is 'demo'");
    assertThat(rig.run("dcs restore", "all.dcs", "--other-fabric").out()).contains("would change 1 key");
  }

  @Test
  void aKeyThatASessionHoldsIsNotTaken() {
    rig.run("dcs snapshot", "all.dcs");
    Session session = done(dcs.open("holder", Duration.ofSeconds(10)));
    done(dcs.put("app/flag", new byte[0], Expect.any(), session));
    assertThat(rig.run("dcs restore", "all.dcs", "--yes").failure()).startsWith("app/flag is in the file and belongs to a session");
  }

  @Test
  void tokensGoOnGrowingInANewStore() {
    for (int i = 0; i < 50; i++) {
      put("app/flag", "v" + i);
    }
    rig.run("dcs snapshot", "all.dcs");
    long before = revision(dcs);
    MemoryDcs fresh = new MemoryDcs(new MemoryStore(rig.time, rig.time), Runnable::run);
    rig.without(Dcs.class).with(fresh);
    assertThat(rig.run("dcs restore", "all.dcs").out()).contains("so that fencing tokens go on growing");
    rig.run("dcs restore", "all.dcs", "--yes");
    assertThat(revision(fresh)).isGreaterThan(before);
    assertThat(done(fresh.list("", ReadMode.LINEARIZABLE)).entries().stream().map(Entry::key)).containsExactly("app/flag");

    MemoryDcs other = new MemoryDcs(new MemoryStore(rig.time, rig.time), Runnable::run);
    rig.without(Dcs.class).with(other);
    assertThat(rig.run("dcs restore", "all.dcs", "--tokens-start-again", "--yes").out()).contains("smaller than before");
    assertThat(revision(other)).isLessThan(before);
  }

  @Test
  void theStoreIsTheOneThatTheNodeCoordinatesOn() {
    rig.with(new MemoryDcs("second", new MemoryStore(rig.time, rig.time), Runnable::run));
    assertThat(rig.run("dcs list").failure())
        .isEqualTo("several stores are there: memory, second; choose with --backend or coordination.backend");
    assertThat(rig.run("dcs list", "--backend", "memory").out()).contains("app/flag");
    assertThat(rig.run("dcs list", "--backend", "raft").failure()).isEqualTo("there is no store 'raft' here; there is memory, second");
    sample.settings.all.add(new Setting("coordination.backend", "second", "weft.yaml:9", "at once"));
    assertThat(rig.run("dcs list").out()).contains("there are no such keys");
    sample.settings.all.set(sample.settings.all.size() - 1, new Setting("coordination.backend", "none", "weft.yaml:9", "at once"));
    assertThat(rig.run("dcs list").failure()).startsWith("coordination is off (coordination.backend: none); there is memory");
    sample.settings.all.set(sample.settings.all.size() - 1, new Setting("coordination.backend", "etcd", "weft.yaml:9", "at once"));
    assertThat(rig.run("dcs list").failure()).startsWith("the store 'etcd' (coordination.backend) is not there; there is memory");
    assertThat(rig.run("dcs add", "d", "--backend", "memory").exit()).isEqualTo(2);
  }

  private void put(String key, String value) {
    done(dcs.put(key, value.getBytes(StandardCharsets.UTF_8), Expect.any(), null));
  }

  private String value(String key) {
    return done(dcs.get(key, ReadMode.LINEARIZABLE)).map(Entry::text).orElse("");
  }

  private List<String> keys() {
    return done(dcs.list("", ReadMode.LINEARIZABLE)).entries().stream().map(Entry::key).toList();
  }

  private static long revision(Dcs dcs) {
    return done(dcs.list("", ReadMode.LINEARIZABLE)).revision();
  }

  private static <T> T done(java.util.concurrent.CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
