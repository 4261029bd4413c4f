package io.weft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.discovery.DiscoverySource;
import io.weft.discovery.Observation;
import io.weft.discovery.Observer;
import io.weft.node.Registration;
import io.weft.path.Candidate;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link DiscoverySource} keeps to. Extend it and say how to make one that sees a peer:
 *
 * <pre>{@code
 * class ListSourceTest extends DiscoverySourceContract {
 *   protected DiscoverySource open() { return new ListSource(time, time, "b", "192.0.2.7:7450"); }
 * }
 * }</pre>
 */
public abstract class DiscoverySourceContract {

  private static final Duration SOON = Duration.ofSeconds(10);

  /** For the source to use; moves only when the test says so. No timer may be left when nobody watches. */
  protected final ManualTime time = new ManualTime();

  private final List<DiscoverySource> opened = new ArrayList<>();

  /** A new source that, within 10 s of being watched and without {@link #time} moving, sees at least one peer. */
  protected abstract DiscoverySource open() throws Exception;

  /** Frees what {@link #open} took; called after each test. */
  protected void close(DiscoverySource source) throws Exception {}

  @AfterEach
  final void closeAll() throws Exception {
    for (DiscoverySource source : opened) {
      close(source);
    }
    assertThat(time.pending()).as("timers after everything was closed").isZero();
  }

  @Test
  public void theNameIsOneWordAndStays() throws Exception {
    DiscoverySource source = opened();
    String name = source.name();
    assertThat(name).matches("[a-z0-9-]{1,63}");
    try (Registration watch = source.watch(new Recorder())) {
      assertThat(source.name()).isEqualTo(name);
    }
  }

  @Test
  public void tellsWhatItSees() throws Exception {
    DiscoverySource source = opened();
    Recorder recorder = new Recorder();
    try (Registration watch = source.watch(recorder)) {
      recorder.awaitSomething();
      recorder.seen.values().forEach(DiscoverySourceContract::isWellFormed);
    }
  }

  @Test
  public void watchingReturnsAtOnce() throws Exception {
    DiscoverySource source = opened();
    long start = System.nanoTime();
    Registration watch = source.watch(new Recorder());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    watch.close();
  }

  @Test
  public void whatIsKnownAlreadyIsToldBeforeWatchReturns() throws Exception {
    DiscoverySource source = opened();
    Recorder first = new Recorder();
    try (Registration watch = source.watch(first)) {
      first.awaitSomething();
      Recorder second = new Recorder();
      Registration other = source.watch(second);
      assertThat(second.seen.keySet()).containsAll(first.seen.keySet());
      other.close();
    }
  }

  @Test
  public void eachObserverGetsTheWholePictureAndOutlivesTheOthers() throws Exception {
    DiscoverySource source = opened();
    Recorder first = new Recorder();
    Recorder second = new Recorder();
    Registration one = source.watch(first);
    Registration two = source.watch(second);
    first.awaitSomething();
    one.close();
    second.awaitSomething();
    Recorder third = new Recorder();
    Registration three = source.watch(third);
    third.awaitSomething();
    Await.until("the same picture for both", SOON, () -> second.seen.equals(third.seen));
    two.close();
    three.close();
  }

  @Test
  public void afterClosingNothingIsToldAndNothingIsHeld() throws Exception {
    DiscoverySource source = opened();
    Recorder recorder = new Recorder();
    Registration watch = source.watch(recorder);
    recorder.awaitSomething();
    watch.close();
    watch.close();
    int told = recorder.told;
    time.advance(Duration.ofMinutes(10));
    assertThat(time.pending()).as("timers that nobody needs").isZero();
    assertThat(recorder.told).isEqualTo(told);
  }

  @Test
  public void canBeWatchedAgain() throws Exception {
    DiscoverySource source = opened();
    for (int i = 0; i < 3; i++) {
      Recorder recorder = new Recorder();
      Registration watch = source.watch(recorder);
      recorder.awaitSomething();
      watch.close();
    }
    assertThat(time.pending()).isZero();
  }

  @Test
  public void closingAtOnceIsFine() throws Exception {
    DiscoverySource source = opened();
    Recorder recorder = new Recorder();
    for (int i = 0; i < 100; i++) {
      source.watch(recorder).close();
    }
    int told = recorder.told;
    time.advance(Duration.ofMinutes(10));
    assertThat(recorder.told).isEqualTo(told);
  }

  private DiscoverySource opened() throws Exception {
    return opened(open());
  }

  /** Has the source closed after the test; returns it. */
  protected final DiscoverySource opened(DiscoverySource source) {
    opened.add(source);
    return source;
  }

  private static void isWellFormed(Observation observation) {
    for (Candidate c : observation.candidates()) {
      if (!c.network().equals(Candidate.UDP)) {
        continue;
      }
      assertThat(c.port()).isPositive();
      assertThat(c.host()).as("a candidate's host is an address, never a name").matches("[0-9a-fA-F:.]+");
      try {
        InetAddress.getByName(c.host());
      } catch (UnknownHostException e) {
        throw new AssertionError(c.host() + " is not an address", e);
      }
    }
  }

  /** Keeps what it is told. */
  private static final class Recorder implements Observer {
    final Map<String, Observation> seen = new ConcurrentHashMap<>();
    volatile int told;

    @Override
    public synchronized void found(Observation observation) {
      told++;
      seen.put(observation.peer(), observation);
    }

    @Override
    public synchronized void lost(String peer) {
      told++;
      seen.remove(peer);
    }

    void awaitSomething() {
      Await.until("an observation", SOON, () -> !seen.isEmpty());
    }
  }
}
