package io.weft.dcs.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dcs.Dcs;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.WriteResult;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Five members, and networks of every broken shape between them. The same with processes and packets is in itests/coordination. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RaftPartitionsTest {

  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

  private RaftRig rig;
  private Contest contest;
  private final Set<String> written = new HashSet<>();
  private String leader;

  @BeforeAll
  void open() throws IOException {
    rig = RaftRig.started(NAMES);
    contest = new Contest(rig.members);
  }

  @AfterAll
  void close() throws IOException {
    if (contest != null) {
      contest.close();
    }
    if (rig != null) {
      rig.close();
    }
  }

  @BeforeEach
  void healthy() throws Exception {
    NAMES.forEach(name -> Await.until(name + " to be served", RaftRig.SOON, () -> isWritten(name)));
    Await.until("somebody to hold", RaftRig.SOON, () -> contest.holder().isPresent());
    leader = RaftRig.status(rig.members.get("a")).leader().orElseThrow();
  }

  @AfterEach
  void heal() {
    rig.net.heal();
    NAMES.forEach(name -> Await.until(name + " to be served again", RaftRig.SOON, () -> isWritten(name)));
    Await.until("somebody to hold again", RaftRig.SOON, () -> contest.holder().isPresent());
    assertThat(contest.violations()).as("who held while somebody with a larger token held").isEmpty();
    written.forEach(key -> assertThat(read(rig.members.get("c"), key)).as(key).isEqualTo("x"));
  }

  @Test
  void halves() throws Exception {
    List<String> few = List.of(leader, next(leader));
    List<String> many = others(few);
    few.forEach(one -> many.forEach(other -> severBoth(one, other)));
    Await.until("the others to decide", RaftRig.SOON, () -> isWritten(many.get(0)));
    assertRefuse(few);
    Await.until("one of the others to hold", RaftRig.SOON, () -> contest.holder().filter(many::contains).isPresent());
  }

  /** What the leader and its neighbour send does not arrive; what is sent to them does. */
  @Test
  void oneWay() throws Exception {
    List<String> few = List.of(leader, next(leader));
    List<String> many = others(few);
    few.forEach(one -> many.forEach(other -> rig.net.sever(one, other)));
    Await.until("the others to decide", RaftRig.SOON, () -> isWritten(many.get(0)));
    assertRefuse(few);
    Await.until("one of the others to hold", RaftRig.SOON, () -> contest.holder().filter(many::contains).isPresent());
  }

  /** Two sides of two, and one who sees both: there is a majority with it on either side. */
  @Test
  void bridge() {
    List<String> few = List.of(leader, next(leader));
    List<String> across = others(few).subList(0, 2);
    few.forEach(one -> across.forEach(other -> severBoth(one, other)));
    String middle = others(few).get(2);
    whileItLasts();
    Await.until("the one in the middle to be served", RaftRig.SOON, () -> isWritten(middle));
    Await.until("somebody to hold", RaftRig.SOON, () -> contest.holder().isPresent());
  }

  /** Each sees its two neighbours, and with itself that is a majority. */
  @Test
  void ring() {
    for (int i = 0; i < NAMES.size(); i++) {
      for (int j = i + 2; j < NAMES.size() - (i == 0 ? 1 : 0); j++) {
        severBoth(NAMES.get(i), NAMES.get(j));
      }
    }
    whileItLasts();
    Await.until("somebody to be served", RaftRig.SOON, () -> NAMES.stream().anyMatch(this::isWritten));
    Await.until("somebody to hold", RaftRig.SOON, () -> contest.holder().isPresent());
  }

  private void severBoth(String one, String other) {
    rig.net.sever(one, other);
    rig.net.sever(other, one);
  }

  private static String next(String name) {
    return NAMES.get((NAMES.indexOf(name) + 1) % NAMES.size());
  }

  private static List<String> others(List<String> some) {
    return NAMES.stream().filter(name -> !some.contains(name)).toList();
  }

  /** Whether a key of its own was acknowledged to this member; those are looked at in the end. */
  private boolean isWritten(String name) {
    String key = "kept/" + name + "/" + System.nanoTime();
    boolean done = put(rig.members.get(name), key).isDone();
    if (done) {
      written.add(key);
    }
    return done;
  }

  private void assertRefuse(List<String> names) throws Exception {
    List<CompletableFuture<WriteResult>> writes = names.stream().map(name -> write(rig.members.get(name), "cut/" + name)).toList();
    List<CompletableFuture<Optional<Entry>>> reads =
        names.stream().map(name -> rig.members.get(name).get("cut/" + name, ReadMode.LINEARIZABLE).toCompletableFuture()).toList();
    for (CompletableFuture<WriteResult> write : writes) {
      assertThat(write.get(30, TimeUnit.SECONDS)).isInstanceOfAny(WriteResult.Refused.class, WriteResult.Indeterminate.class);
    }
    reads.forEach(read -> assertThatThrownBy(() -> read.get(30, TimeUnit.SECONDS)).hasMessageContaining("raft: "));
  }

  /** Long enough that a lease which is not renewed ends, and another leader is elected. */
  private void whileItLasts() {
    long end = System.nanoTime() + Contest.TTL.multipliedBy(2).toNanos();
    Await.until("two TTLs", RaftRig.SOON, () -> System.nanoTime() - end > 0);
  }

  private static CompletableFuture<WriteResult> write(Dcs dcs, String key) {
    return dcs.put(key, "x".getBytes(StandardCharsets.UTF_8), Expect.any(), null).toCompletableFuture();
  }

  private static WriteResult put(Dcs dcs, String key) {
    try {
      return write(dcs, key).get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no outcome of a write", e);
    }
  }

  private static String read(Dcs dcs, String key) {
    try {
      return dcs.get(key, ReadMode.LINEARIZABLE).toCompletableFuture().get(30, TimeUnit.SECONDS).map(Entry::text).orElse("nothing");
    } catch (Exception e) {
      throw new AssertionError("no answer to a read", e);
    }
  }
}
