package io.weft.testkit.dcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Write;
import io.weft.dcs.WriteResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Keys: reading, writing with expectations, listing, transactions, limits. */
abstract class DcsKeyStories extends DcsStories {

  private static final List<String> ODD = List.of(
      "plain", "with space", "*", ">", ".", "..", "%2F", "a?b#c&d=e", "käse/über", "日本", "\uD83D\uDE00", "-", "_x",
      "\"quoted\"", "'; drop table x", "a\\b", "~", "$(x)", "{}", "a.b", "a%b", "+", "UPPER", "upper");

  @Test
  void whatIsNotThereIsEmpty() {
    Dcs dcs = dcs();
    assertThat(get(dcs, key("nothing"))).isEmpty();
    assertThat(done(dcs.get(key("nothing"), ReadMode.STALE))).isEmpty();
    assertThat(done(dcs.list(key("nothing/"), freshest(dcs))).entries()).isEmpty();
  }

  @Test
  void whatIsWrittenIsReadByAll() {
    Dcs a = dcs();
    Dcs b = dcs();
    long first = put(a, key("k"), "one");
    assertHolds(b, key("k"), "one");
    long second = put(b, key("k"), "two");
    assertHolds(a, key("k"), "two");

    Entry entry = get(a, key("k")).orElseThrow();
    assertThat(second).isGreaterThan(first);
    assertThat(entry.revision()).isEqualTo(second);
    assertThat(entry.session()).isEmpty();
    assertThat(put(a, key("other"), "x")).as("revisions of the store grow over all keys").isGreaterThan(second);
  }

  @Test
  void expectationsDecide() {
    Dcs dcs = dcs();
    long first = put(dcs, key("k"), "one", Expect.absent(), null);
    WriteResult again = tryPut(dcs, key("k"), "two", Expect.absent(), null);
    assertThat(again).isInstanceOf(WriteResult.Conflict.class);
    assertThat(((WriteResult.Conflict) again).current().map(Entry::text)).contains("one");

    long second = put(dcs, key("k"), "two", Expect.revision(first), null);
    assertThat(tryPut(dcs, key("k"), "three", Expect.revision(first), null)).isInstanceOf(WriteResult.Conflict.class);
    assertThat(tryPut(dcs, key("absent"), "x", Expect.revision(first), null)).isInstanceOf(WriteResult.Conflict.class);
    assertThat(done(dcs.delete(key("k"), Expect.revision(first)))).isInstanceOf(WriteResult.Conflict.class);
    assertHolds(dcs, key("k"), "two");
    assertThat(done(dcs.delete(key("k"), Expect.revision(second)))).isInstanceOf(WriteResult.Done.class);
    assertHolds(dcs, key("k"), null);
  }

  @Test
  void revisionsGrowOverDeletion() {
    Dcs dcs = dcs();
    long last = 0;
    for (int i = 0; i < 5; i++) {
      long created = put(dcs, key("k"), "v" + i, Expect.absent(), null);
      assertThat(created).isGreaterThan(last);
      last = created;
      assertThat(done(dcs.delete(key("k"), Expect.any())).isDone()).isTrue();
    }
    assertThat(done(dcs.delete(key("k"), Expect.any())).isDone()).as("deleting what is not there").isTrue();
    assertThat(done(dcs.delete(key("k"), Expect.revision(last)))).isInstanceOf(WriteResult.Conflict.class);
  }

  @Test
  void oneOfManyCreates() {
    List<Dcs> all = IntStream.range(0, 6).mapToObj(i -> dcs()).toList();
    for (int round = 0; round < 10; round++) {
      String key = key("round" + round);
      List<CompletableFuture<WriteResult>> results = IntStream.range(0, all.size())
          .mapToObj(i -> all.get(i).put(key, bytes("by " + i), Expect.absent(), null).toCompletableFuture()).toList();
      List<WriteResult> outcomes = results.stream().map(DcsStories::done).toList();
      assertThat(outcomes.stream().filter(WriteResult::isDone)).hasSize(1);
      assertThat(outcomes.stream().filter(WriteResult.Conflict.class::isInstance)).hasSize(all.size() - 1);
    }
  }

  @Test
  void noIncrementIsLost() throws Exception {
    List<Dcs> all = IntStream.range(0, 4).mapToObj(i -> dcs()).toList();
    put(all.get(0), key("counter"), "0");
    int each = 15;
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (Dcs dcs : all) {
      Thread thread = new Thread(() -> increment(dcs, each));
      thread.setUncaughtExceptionHandler((t, e) -> {
        synchronized (failures) {
          failures.add(e);
        }
      });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertHolds(all.get(0), key("counter"), Integer.toString(all.size() * each));
  }

  private void increment(Dcs dcs, int times) {
    for (int n = 0; n < times; ) {
      Entry entry = get(dcs, key("counter")).orElseThrow();
      String next = Integer.toString(Integer.parseInt(entry.text()) + 1);
      WriteResult result = tryPut(dcs, key("counter"), next, Expect.revision(entry.revision()), null);
      assertThat(result).isInstanceOfAny(WriteResult.Done.class, WriteResult.Conflict.class);
      n += result.isDone() ? 1 : 0;
    }
  }

  @Test
  void listingsAreOrderedAndKeepToTheirPrefix() {
    Dcs dcs = dcs();
    List<String> inside = List.of("a/1", "a/10", "a/2", "a/b/c", "a/b/d", "a/Z", "a/é");
    for (String name : inside) {
      put(dcs, key(name), name);
    }
    long last = put(dcs, key("ab"), "outside");
    put(dcs, key("a-b/x"), "outside");

    Snapshot snapshot = done(dcs.list(key("a/"), freshest(dcs)));
    assertThat(snapshot.entries().stream().map(Entry::key).toList())
        .isEqualTo(inside.stream().map(this::key).sorted(DcsKeys.ORDER).toList());
    assertThat(snapshot.entries()).allMatch(e -> e.key().endsWith(e.text()));
    assertThat(done(dcs.list(prefix(), freshest(dcs))).entries()).hasSize(inside.size() + 2);
    assertThat(done(dcs.list(prefix(), freshest(dcs))).revision()).isGreaterThanOrEqualTo(last);
    assertThat(done(dcs.list("", freshest(dcs))).entries()).hasSizeGreaterThanOrEqualTo(inside.size() + 2);
  }

  @Test
  void oddKeysAreKeptApart() {
    Dcs dcs = dcs();
    for (String odd : ODD) {
      put(dcs, key("odd/" + odd), odd, Expect.absent(), null);
    }
    for (String odd : ODD) {
      assertHolds(dcs, key("odd/" + odd), odd);
    }
    Snapshot snapshot = done(dcs.list(key("odd/"), freshest(dcs)));
    assertThat(snapshot.entries().stream().map(Entry::text)).containsExactlyInAnyOrderElementsOf(ODD);
  }

  @Test
  void whatAKeyMayBeIsTheSameEverywhere() {
    Dcs dcs = dcs();
    for (String bad : List.of("", "/", "a/", "/a", "a//b", "a\nb", "a\0b", "\uD800", "x".repeat(513))) {
      assertThatThrownBy(() -> dcs.put(bad, bytes("x"), Expect.any(), null)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> dcs.get(bad, ReadMode.STALE)).isInstanceOf(IllegalArgumentException.class);
    }
    for (String bad : List.of("a", "/", "a//", "a\n/")) {
      assertThatThrownBy(() -> dcs.list(bad, ReadMode.STALE)).isInstanceOf(IllegalArgumentException.class);
    }
    String longest = key("x".repeat(DcsKeys.BYTES_MAX - prefix().length()));
    put(dcs, longest, "longest");
    assertHolds(dcs, longest, "longest");
    String widest = key("é".repeat((DcsKeys.BYTES_MAX - prefix().length()) / 2));
    put(dcs, widest, "widest");
    assertHolds(dcs, widest, "widest");
  }

  @Test
  void valuesHaveAnyBytesAndABound() {
    Dcs dcs = dcs();
    byte[] large = new byte[Dcs.VALUE_MAX];
    new Random(1).nextBytes(large);
    for (byte[] value : List.of(large, new byte[0], new byte[] {0}, new byte[] {(byte) 0xff, 0, (byte) 0xfe})) {
      WriteResult result = done(dcs.put(key("k"), value, Expect.any(), null));
      assertThat(result).isInstanceOf(WriteResult.Done.class);
      long revision = ((WriteResult.Done) result).revision();
      io.weft.testkit.Await.until("the value to be read", SOON, () -> get(dcs, key("k")).orElseThrow().revision() == revision);
      assertThat(get(dcs, key("k")).orElseThrow().value()).isEqualTo(value);
    }
    assertThatThrownBy(() -> dcs.put(key("k"), new byte[Dcs.VALUE_MAX + 1], Expect.any(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Integer.toString(Dcs.VALUE_MAX));
    assertThatThrownBy(() -> dcs.delete(key("k"), Expect.absent())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void transactionsHappenWholeOrNotAtAll() {
    Dcs dcs = dcs();
    if (dcs.capabilities().transactionMax() == 0) {
      assertThatThrownBy(() -> dcs.transact(List.of(write("a", Expect.any())))).isInstanceOf(UnsupportedOperationException.class);
      Assumptions.abort("it has no transactions, and says so when asked for one");
    }
    WriteResult first = done(dcs.transact(List.of(write("a", Expect.absent()), write("b", Expect.absent()))));
    assertThat(first).isInstanceOf(WriteResult.Done.class);
    long revision = get(dcs, key("a")).orElseThrow().revision();

    WriteResult second = done(dcs.transact(List.of(write("c", Expect.any()), write("b", Expect.absent()))));
    assertThat(second).isInstanceOf(WriteResult.Conflict.class);
    assertHolds(dcs, key("c"), null);

    Write check = new Write.Check(key("none"), Expect.absent());
    Write delete = new Write.Delete(key("a"), Expect.revision(revision));
    assertThat(done(dcs.transact(List.of(check, delete, write("c", Expect.any()))))).isInstanceOf(WriteResult.Done.class);
    assertHolds(dcs, key("a"), null);
    assertHolds(dcs, key("c"), "c");

    assertThat(done(dcs.transact(List.of(delete, write("d", Expect.any()))))).isInstanceOf(WriteResult.Conflict.class);
    assertHolds(dcs, key("d"), null);
    assertThatThrownBy(() -> dcs.transact(List.of(write("x", Expect.any()), write("x", Expect.any()))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> dcs.transact(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theStatusSaysWhatIsKnown() {
    DcsStatus status = done(dcs().status());
    assertThat(status.state()).isEqualTo(DcsStatus.State.SERVING);
    assertThat(status.detail()).isNotBlank().doesNotContain("\n");
  }

  @Test
  void capabilitiesAreConstantAndSound() {
    Dcs dcs = dcs();
    assertThat(dcs.backend()).matches("[a-z][a-z0-9-]{1,30}");
    assertThat(dcs.capabilities()).isEqualTo(dcs().capabilities());
    if (dcs.capabilities().linearizableReads()) {
      return;
    }
    assertThat(dcs.get(key("k"), ReadMode.LINEARIZABLE).toCompletableFuture())
        .as("never something older than was asked for")
        .failsWithin(SOON)
        .withThrowableOfType(java.util.concurrent.ExecutionException.class)
        .withCauseInstanceOf(UnsupportedOperationException.class);
  }

  private Write write(String name, Expect expect) {
    return new Write.Put(key(name), bytes(name), expect, Optional.empty());
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
