package io.weft.dcs.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsMember;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.WriteResult;
import io.weft.dcs.raft.cli.RecoverCli;
import io.weft.support.JsonReader;
import io.weft.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A majority of the members is lost, and a store is made by hand of what one has on its disk. */
class RaftRecoveryTest {

  private static final int KEYS = 40;

  private RaftRig rig;

  @BeforeEach
  void open() throws IOException {
    rig = RaftRig.started();
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  @Test
  void oneMemberIsEnoughToGoOn() throws Exception {
    long token = writeAll();
    stopAll();
    rig.delete("b");
    rig.delete("c");
    Map<String, Integer> before = files();
    assertThat(recover("a")).contains("would make a the only member; b, c ").contains("nothing was done");
    assertThat(files()).as("a dry run changes nothing").isEqualTo(before);
    assertThat(recover("a", "--yes")).contains("DONE: a is the only member now");

    RaftDcs a = rig.start("a");
    awaitServing(a);
    assertThat(RaftRig.status(a).members()).extracting(DcsMember::name).containsExactly("a");
    assertAll(a, token);

    RaftDcs b = rig.start("b");
    Await.until("b to see that it is no member", RaftRig.SOON, () -> RaftRig.status(b).detail().contains("no member"));
    a.add("b").toCompletableFuture().get(90, TimeUnit.SECONDS);
    Await.until("b to catch up", RaftRig.SOON, () -> RaftRig.status(b).members().stream()
        .anyMatch(m -> m.name().equals("b") && m.healthy() && m.behind() == 0));
    assertThat(b.get("k0", ReadMode.STALE).toCompletableFuture().get(30, TimeUnit.SECONDS).map(Entry::text)).contains("value 0");
    List<?> notes = Files.readAllLines(rig.home("a").resolve("data/dcs.raft/recoveries.jsonl")).stream()
        .map(line -> ((Map<?, ?>) JsonReader.read(line)).get("recovery")).toList();
    assertThat(notes).isEqualTo(List.of("begun", "done"));
  }

  @Test
  void oldMembersThatComeBackAreRefused() throws Exception {
    long token = writeAll();
    stopAll();
    recover("a", "--yes");
    RaftDcs a = rig.start("a");
    awaitServing(a);
    put(a, "after", "recovery");
    rig.start("b"); // these two were a majority, and still have all of it
    rig.start("c");
    for (String name : List.of("b", "c")) {
      RaftDcs old = rig.members.get(name);
      Await.until(name + " to be refused", RaftRig.SOON, () -> RaftRig.status(old).detail().contains("no member"));
      assertThat(rig.home(name).resolve("data/dcs.raft/aside/log")).isDirectory();
      assertThat(old.get("after", ReadMode.LINEARIZABLE).toCompletableFuture().get(30, TimeUnit.SECONDS).map(Entry::text))
          .contains("recovery");
    }
    assertAll(rig.members.get("b"), token);
  }

  @Test
  void membersThatServedOnTheirOwnYieldWhenTheyHearOfIt() throws Exception {
    writeAll();
    stopAll();
    recover("a", "--yes");
    RaftDcs b = rig.start("b");
    rig.start("c");
    awaitServing(b); // nobody can tell them
    RaftDcs a = rig.start("a");
    awaitServing(a);
    Await.until("b and c to yield", RaftRig.SOON,
        () -> List.of("b", "c").stream().allMatch(n -> rig.home(n).resolve("data/dcs.raft/aside/log").toFile().isDirectory()));
    Await.until("b to use the other store", RaftRig.SOON, () -> RaftRig.status(b).leader().filter("a"::equals).isPresent());
    assertThat(RaftRig.status(b).members()).extracting(DcsMember::name).containsExactly("a");
  }

  /** Wherever it is interrupted, what was there is not lost, and the next run finishes it. */
  @Test
  void anInterruptedRecoveryIsFinished() throws Exception {
    long token = writeAll();
    stopAll();
    rig.delete("b");
    rig.delete("c");
    Path data = rig.home("a").resolve("data/dcs.raft");
    byte[] identity = Files.readAllBytes(data.resolve("identity.json"));
    recover("a", "--yes");
    byte[] next = Files.readAllBytes(data.resolve("identity.json"));

    // As it is after everything was made, and before it is in its place.
    Path part = Files.createDirectory(data.resolve("recovery.part"));
    Files.move(data.resolve("log"), part.resolve("log"));
    Files.write(part.resolve("identity.json"), next);
    Files.write(data.resolve("identity.json"), identity);
    RaftDcs waiting = rig.start("a");
    Await.until("it not to serve", RaftRig.SOON, () -> RaftRig.status(waiting).detail().contains("the log is gone"));
    rig.stop("a");

    assertThat(recover("a")).contains("an earlier recovery was interrupted");
    recover("a", "--yes");
    assertThat(part).doesNotExist();
    RaftDcs a = rig.start("a");
    awaitServing(a);
    assertAll(a, token);
  }

  @Test
  void whatCannotBeRecoveredIsSaid() throws Exception {
    writeAll();
    stopAll();
    Path log = rig.home("a").resolve("data/dcs.raft/log");
    rig.flipBit("a");
    assertThat(recover("a", "--yes")).contains("does not fit its checksum");
    assertThat(log).isDirectory();
    rig.delete("a");
    assertThat(recover("a", "--yes")).contains("there is no store of dcs.raft in");
  }

  /** Returns the fencing token of the last who was elected. */
  private long writeAll() throws Exception {
    RaftDcs a = rig.members.get("a");
    for (int i = 0; i < KEYS; i++) {
      assertThat(put(a, "k" + i, "value " + i).isDone()).isTrue();
    }
    long token = put(a, "token", "x").orThrow();
    Await.until("all to have it", RaftRig.SOON, () -> RaftRig.status(a).members().stream()
        .allMatch(m -> m.healthy() && m.behind() == 0) && RaftRig.status(a).members().size() == 3);
    return token;
  }

  private static void assertAll(Dcs dcs, long token) throws Exception {
    for (int i = 0; i < KEYS; i++) {
      assertThat(dcs.get("k" + i, ReadMode.LINEARIZABLE).toCompletableFuture().get(30, TimeUnit.SECONDS).map(Entry::text))
          .contains("value " + i);
    }
    assertThat(put(dcs, "token", "y").orThrow()).as("tokens are revisions, and grow").isGreaterThan(token);
  }

  private void stopAll() {
    List.copyOf(rig.members.keySet()).forEach(rig::stop);
  }

  private static void awaitServing(RaftDcs dcs) {
    Await.until("it to serve", RaftRig.SOON, () -> RaftRig.status(dcs).state() == DcsStatus.State.SERVING);
  }

  /** What it says, whatever comes of it. */
  private String recover(String name, String... words) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    RecoverCli.run(words, rig.home(name), rig.home(name).resolve("conf/weft.yaml"), rig.directory, out, out);
    return said.toString(StandardCharsets.UTF_8);
  }

  private Map<String, Integer> files() throws IOException {
    Map<String, Integer> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(rig.home("a"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file.toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  private static WriteResult put(Dcs dcs, String key, String value) throws Exception {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return dcs.put(key, bytes, Expect.any(), null).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
