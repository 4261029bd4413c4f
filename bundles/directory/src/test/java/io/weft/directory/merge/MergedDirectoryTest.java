package io.weft.directory.merge;

import static io.weft.directory.merge.Seen.at;
import static io.weft.directory.merge.Seen.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.directory.Peer;
import io.weft.discovery.DiscoverySource;
import io.weft.discovery.Observation;
import io.weft.discovery.Observer;
import io.weft.node.Registration;
import io.weft.path.Candidate;
import io.weft.testkit.Await;
import io.weft.testkit.FakeDiscoverySource;
import io.weft.testkit.ManualTime;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MergedDirectoryTest {

  private static final Duration GRACE = Duration.ofSeconds(60);

  private final ManualTime time = new ManualTime();
  private final MergedDirectory directory =
      new MergedDirectory(GRACE, new Members("a", "stranger"), time, time, Runnable::run, () -> {});

  @AfterEach
  void leavesNoTimer() {
    directory.close();
    assertThat(time.pending()).isZero();
  }

  @Test
  void mergesSourcesBestCandidateFirst() {
    directory.bindSource(new FakeDiscoverySource("static", seen("b", at("10.0.0.1", 10), at("10.0.0.2", 128))));
    directory.bindSource(new FakeDiscoverySource("dns", seen("b", at("10.0.0.3", 128), at("10.0.0.1", 20))));

    Peer b = directory.peer("b").orElseThrow();

    assertThat(b.candidates()).containsExactly(at("10.0.0.3", 128), at("10.0.0.2", 128), at("10.0.0.1", 20));
    assertThat(b.sources()).containsExactly("dns", "static");
    assertThat(b.identity()).isEqualTo(Members.key("b"));
  }

  /** Each entry of the section peers is a source of its own, and they come faster than the loop turns. */
  @Test
  void missesNoSourceThatComesWhileAMergeWaits() {
    Deque<Runnable> waiting = new ArrayDeque<>();
    MergedDirectory slow = new MergedDirectory(GRACE, new Members("a"), time, time, waiting::add, () -> {});
    slow.bindSource(new FakeDiscoverySource("static", seen("b")));
    slow.bindSource(new FakeDiscoverySource("static", seen("c")));
    slow.bindSource(new FakeDiscoverySource("static", seen("d")));

    while (!waiting.isEmpty()) {
      waiting.poll().run();
    }

    assertThat(slow.peers()).extracting(Peer::name).containsExactly("b", "c", "d");
    slow.close();
  }

  @Test
  void theOrderInWhichSourcesComeDoesNotMatter() {
    FakeDiscoverySource one = new FakeDiscoverySource("x", seen("b", at("10.0.0.1", 128)), seen("c"));
    FakeDiscoverySource two = new FakeDiscoverySource("y", seen("b", at("10.0.0.2", 128)), seen("d"));
    directory.bindSource(one);
    directory.bindSource(two);
    List<Peer> before = directory.peers();

    directory.unbindSource(one);
    directory.bindSource(one);

    assertThat(directory.peers()).isEqualTo(before);
    assertThat(before).extracting(Peer::name).containsExactly("b", "c", "d");
  }

  @Test
  void knowsNeitherItselfNorStrangers() {
    directory.bindSource(new FakeDiscoverySource("static", seen("a"), seen("stranger"), seen("b")));

    assertThat(directory.peers()).extracting(Peer::name).containsExactly("b");
    assertThat(directory.peer("a")).isEmpty();
  }

  @Test
  void forgetsWhatIsNotRepeatedInTime() {
    FakeDiscoverySource dns = new FakeDiscoverySource("dns", seen("b", Duration.ofSeconds(30)), seen("c", Duration.ofSeconds(90)));
    directory.bindSource(dns);

    time.advance(Duration.ofSeconds(29));
    dns.find(seen("b", Duration.ofSeconds(30)));
    time.advance(Duration.ofSeconds(29));
    assertThat(directory.peers()).extracting(Peer::name).containsExactly("b", "c");

    time.advance(Duration.ofSeconds(1));
    assertThat(directory.peers()).extracting(Peer::name).containsExactly("c");
  }

  @Test
  void forgetsWhatIsLost() {
    FakeDiscoverySource dns = new FakeDiscoverySource("dns", seen("b"), seen("c"));
    directory.bindSource(dns);

    dns.lose("b");
    dns.lose("nobody");

    assertThat(directory.peers()).extracting(Peer::name).containsExactly("c");
  }

  @Test
  void remembersPeersWhileASourceIsSwapped() {
    FakeDiscoverySource old = new FakeDiscoverySource("static", seen("b", at("10.0.0.1", 128)));
    directory.bindSource(old);
    List<Candidate> before = directory.peer("b").orElseThrow().candidates();

    directory.unbindSource(old);
    assertThat(directory.peer("b").orElseThrow().candidates()).isEqualTo(before);
    assertThat(directory.peer("b").orElseThrow().sources()).isEmpty();

    time.advance(GRACE.minusSeconds(1));
    directory.bindSource(new FakeDiscoverySource("static", seen("b", at("10.0.0.1", 128))));
    time.advance(GRACE);

    assertThat(directory.peer("b").orElseThrow().candidates()).isEqualTo(before);
    assertThat(directory.peer("b").orElseThrow().sources()).containsExactly("static");
  }

  @Test
  void forgetsTheRememberedAfterGrace() {
    FakeDiscoverySource old = new FakeDiscoverySource("static", seen("b"));
    directory.bindSource(old);
    directory.unbindSource(old);

    time.advance(GRACE.minusMillis(1));
    assertThat(directory.peers()).hasSize(1);
    time.advance(Duration.ofMillis(1));
    assertThat(directory.peers()).isEmpty();
  }

  @Test
  void theSourceThatComesBackKnowsBetter() {
    FakeDiscoverySource old = new FakeDiscoverySource("static", seen("b", at("10.0.0.1", 128)));
    directory.bindSource(old);
    directory.unbindSource(old);

    directory.bindSource(new FakeDiscoverySource("static", seen("b", at("10.0.0.2", 128))));

    assertThat(directory.peer("b").orElseThrow().candidates()).containsExactly(at("10.0.0.2", 128));
  }

  @Test
  void aWatcherThatClosedIsForgotten() {
    WeakReference<Object> watcher = watchedAndClosed();
    Await.until("the watcher is collected", Duration.ofSeconds(60), () -> {
      System.gc();
      return watcher.refersTo(null);
    });
  }

  private WeakReference<Object> watchedAndClosed() {
    List<Peer> heard = new ArrayList<>();
    directory.watch(heard::addAll).close();
    return new WeakReference<>(heard);
  }

  @Test
  void aSourceThatIsGoneIsNotListenedTo() {
    List<Observer> kept = new ArrayList<>();
    DiscoverySource goesOnTelling = new DiscoverySource() {
      @Override
      public String name() {
        return "static";
      }

      @Override
      public Registration watch(Observer observer) {
        kept.add(observer);
        observer.found(seen("b"));
        return () -> {};
      }
    };
    directory.bindSource(goesOnTelling);
    directory.unbindSource(goesOnTelling);

    kept.get(0).lost("b");
    kept.get(0).found(seen("c"));

    assertThat(directory.peers()).extracting(Peer::name).containsExactly("b");
  }

  @Test
  void watchersHearOfEachChangeInOrderUntilTheyClose() {
    FakeDiscoverySource source = new FakeDiscoverySource("static", seen("b"));
    List<List<String>> heard = new ArrayList<>();
    Registration watch = directory.watch(peers -> heard.add(peers.stream().map(Peer::name).toList()));
    directory.watch(peers -> {
      throw new IllegalStateException("a watcher that fails is its own problem");
    });

    directory.bindSource(source);
    source.find(seen("c"));
    source.find(seen("c"));
    source.lose("b");
    watch.close();
    source.lose("c");

    assertThat(heard).containsExactly(List.of(), List.of("b"), List.of("b", "c"), List.of("c"));
  }

  @Test
  void isBounded() {
    Candidate[] many = IntStream.range(0, 16).mapToObj(i -> at("10.0.0." + i, 128)).toArray(Candidate[]::new);
    Candidate[] more = IntStream.range(0, 16).mapToObj(i -> at("10.0.1." + i, 128)).toArray(Candidate[]::new);
    directory.bindSource(new FakeDiscoverySource("x", seen("b", many)));
    directory.bindSource(new FakeDiscoverySource("y", seen("b", more)));
    assertThat(directory.peer("b").orElseThrow().candidates()).hasSize(16).startsWith(many);

    Observation[] crowd = IntStream.range(0, MergedDirectory.PEERS_MAX + 50).mapToObj(i -> seen("peer-" + i)).toArray(Observation[]::new);
    directory.bindSource(new FakeDiscoverySource("crowd", crowd));
    directory.bindSource(new FakeDiscoverySource("late", seen("zz")));

    assertThat(directory.peers()).hasSize(MergedDirectory.PEERS_MAX).extracting(Peer::name).contains("b").doesNotContain("zz");
  }

  @Test
  void whatFlappingSourcesLeaveBehindIsBounded() {
    for (int i = 0; i < 5_000; i++) {
      FakeDiscoverySource flapping = new FakeDiscoverySource("flapping", seen("peer-" + i));
      directory.bindSource(flapping);
      directory.unbindSource(flapping);
    }
    assertThat(directory.peers()).hasSizeLessThanOrEqualTo(MergedDirectory.PEERS_MAX);
  }

  @Test
  void mergesLabels() {
    directory.bindSource(new FakeDiscoverySource("x", new Observation("b", List.of(), Map.of("vip", "2", "site", "x"), Duration.ZERO)));
    directory.bindSource(new FakeDiscoverySource("y", new Observation("b", List.of(), Map.of("site", "y", "area", "eu"), Duration.ZERO)));

    assertThat(directory.peer("b").orElseThrow().labels()).isEqualTo(Map.of("vip", "2", "site", "x", "area", "eu"));
  }

  @Test
  void publishesFromItsOwnThreadInOrder() {
    LoopThread thread = new LoopThread("weft-directory-test");
    MergedDirectory threaded = new MergedDirectory(GRACE, new Members("a"), time, time, thread, thread::close);
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    threaded.watch(peers -> sizes.add(peers.size()));
    Observation[] some = IntStream.range(0, 500).mapToObj(i -> seen("peer-" + i)).toArray(Observation[]::new);

    threaded.bindSource(new FakeDiscoverySource("static", some));

    Await.until("all peers", Duration.ofSeconds(10), () -> threaded.peers().size() == 500);
    threaded.close();
    assertThat(sizes).isSorted().startsWith(0).endsWith(500);
    assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().equals("weft-directory-test"));
  }
}
