package io.weft.path.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.Reason;
import io.weft.path.CandidateKind;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalType;
import io.weft.testkit.ManualTime;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NegotiationTest {

  private static final Duration CHECKS = Duration.ofMillis(200);

  private final ManualTime time = new ManualTime();
  private SplittableRandom random = new SplittableRandom(1);

  /** One side: keeps what was agreed, and connects if the other side agreed on the same. */
  private final class Peer implements Negotiation.Steps {

    private final Negotiation negotiation;
    private final boolean controlling;
    private final Duration latencyMost;
    private Peer other;
    private @Nullable Attempt agreed;
    private @Nullable Description theirs;
    private @Nullable Attempt connected;
    private final List<Reason> over = new ArrayList<>();
    private final List<RemoteAddress> candidates = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private double loss;

    Peer(boolean controlling, Duration latencyMost, long seed) {
      this.controlling = controlling;
      this.latencyMost = latencyMost;
      negotiation = new Negotiation(time, time, Runnable::run, new Random(seed), controlling, d -> d, new IceCounters(), this);
    }

    @Override
    public void send(Signal signal) {
      if (random.nextDouble() < loss) {
        return;
      }
      time.after(Duration.ofMillis(random.nextLong(latencyMost.toMillis() + 1)), Runnable::run, () -> other.arrived(signal));
    }

    /** Copies are dropped on the way, as signaling does. */
    private void arrived(Signal signal) {
      if (seen.add(signal.type() + " " + signal.attempt() + " " + new String(signal.data(), StandardCharsets.UTF_8))) {
        negotiation.received(signal);
      }
    }

    @Override
    public void began(Attempt attempt) {
      RemoteAddress own = new RemoteAddress(CandidateKind.host, new InetSocketAddress("192.0.2.1", controlling ? 7001 : 7002), 1);
      negotiation.say(attempt, SignalType.candidate, Notes.encode(List.of(own)));
    }

    @Override
    public void agreed(Attempt attempt, Description description) {
      agreed = attempt;
      theirs = description;
      candidates.clear();
      time.after(CHECKS, Runnable::run, this::check);
    }

    /** Checks succeed if both have each other's credentials, and one an address of the other, which shows its own by its checks. */
    private void check() {
      if (agreed == null || negotiation.current() != agreed || connected == agreed) {
        return;
      }
      boolean match = other.agreed != null && other.theirs != null && theirs != null
          && other.theirs.credentials().equals(agreed.credentials()) && theirs.credentials().equals(other.agreed.credentials());
      if (match && !(candidates.isEmpty() && other.candidates.isEmpty())) {
        connected = agreed;
        negotiation.connected(agreed);
      } else {
        time.after(CHECKS, Runnable::run, this::check);
      }
    }

    @Override
    public void candidates(Attempt attempt, List<RemoteAddress> found) {
      assertThat(attempt).isSameAs(agreed);
      candidates.addAll(found);
    }

    @Override
    public void over(Attempt attempt, Reason why) {
      over.add(why);
      if (agreed == attempt) {
        agreed = null;
      }
    }

    @Override
    public String toString() {
      return "current=" + negotiation.current() + " running=" + negotiation.isRunning() + " agreed=" + agreed + " theirs=" + theirs
          + " connected=" + connected + " candidates=" + candidates.size();
    }

    boolean isConnectedWith(Peer peer) {
      return connected != null && connected == negotiation.current() && peer.theirs != null
          && peer.theirs.credentials().equals(connected.credentials());
    }
  }

  private Peer[] pair(Duration latency) {
    Peer a = new Peer(true, latency, 1);
    Peer b = new Peer(false, latency, 2);
    a.other = b;
    b.other = a;
    return new Peer[] {a, b};
  }

  private void passes(Duration by) {
    time.advance(by);
  }

  @Test
  void anOfferIsAnsweredAndConnects() {
    Peer[] p = pair(Duration.ofMillis(50));
    p[0].negotiation.start(7);
    passes(Duration.ofSeconds(1));
    assertThat(p[0].isConnectedWith(p[1])).isTrue();
    assertThat(p[1].isConnectedWith(p[0])).isTrue();
    assertThat(p[1].connected.link()).isEqualTo(7);
    assertThat(p[1].connected.isOffer()).isFalse();
  }

  @Test
  void ofTwoThatCrossTheSmallerNodesCounts() {
    Peer[] p = pair(Duration.ofMillis(50));
    p[0].negotiation.start(7);
    p[1].negotiation.start(8);
    passes(Duration.ofSeconds(1));
    assertThat(p[0].connected.link()).isEqualTo(7);
    assertThat(p[1].connected.link()).isEqualTo(7);
    assertThat(p[1].over).extracting(Reason::code).containsExactly("superseded");
  }

  @Test
  void crossingOffersConvergeHoweverSlowTheNotesAre() {
    Peer[] p = pair(Duration.ofSeconds(5));
    p[0].negotiation.start(7);
    p[1].negotiation.start(8);
    passes(Duration.ofSeconds(24));
    assertThat(p[0].isConnectedWith(p[1])).isTrue();
  }

  @Test
  void anotherOfferWaitsUntilTheAttemptHadItsTime() {
    Peer[] p = pair(Duration.ZERO);
    p[0].negotiation.start(7);
    passes(Duration.ofMillis(50));
    Attempt first = p[1].agreed;
    // The other side starts over before the checks came to anything.
    p[0].negotiation.fail(p[0].negotiation.current(), Reason.of("gone"));
    p[0].negotiation.start(9);
    passes(Duration.ofMillis(100));
    assertThat(p[1].agreed).isSameAs(first);
    passes(Negotiation.GRACE.plus(CHECKS));
    assertThat(p[1].connected.link()).isEqualTo(9);
    assertThat(p[0].isConnectedWith(p[1])).isTrue();
  }

  @Test
  void anOfferThatIsNotAnsweredIsSaidAgain() {
    Peer[] p = pair(Duration.ZERO);
    p[0].loss = 1;
    p[0].negotiation.start(7);
    passes(Negotiation.REPEAT.minusMillis(1));
    p[0].loss = 0;
    passes(Negotiation.REPEAT);
    assertThat(p[0].isConnectedWith(p[1])).isTrue();
  }

  @Test
  void anAnswerThatWasLostIsSaidAgain() {
    Peer[] p = pair(Duration.ZERO);
    p[1].loss = 1;
    p[0].negotiation.start(7);
    passes(Negotiation.REPEAT.minusMillis(1));
    assertThat(p[1].agreed).as("the offer came").isNotNull();
    assertThat(p[0].agreed).as("and the answer did not").isNull();
    p[1].loss = 0;
    passes(Negotiation.REPEAT);
    assertThat(p[0].isConnectedWith(p[1])).isTrue();
    assertThat(p[1].isConnectedWith(p[0])).isTrue();
  }

  @Test
  void whatNobodyAnswersEnds() {
    Peer[] p = pair(Duration.ZERO);
    p[0].loss = 1;
    p[0].negotiation.start(7);
    passes(Negotiation.LIMIT.plusSeconds(1));
    assertThat(p[0].over).extracting(Reason::code).containsExactly("no_answer");
    assertThat(time.pending()).isZero();
  }

  @Test
  void staleNotesChangeNothing() {
    Peer[] p = pair(Duration.ZERO);
    p[0].negotiation.start(7);
    passes(Duration.ofMillis(10));
    Signal old = new Signal(SignalType.auth, 5, new Description(p[0].agreed.credentials(), 99, 0, 0, "", "", "", io.weft.path.NatKind.unknown)
        .encode());
    Attempt before = p[1].negotiation.current();
    p[1].negotiation.received(old);
    passes(Negotiation.GRACE.plusSeconds(1));
    assertThat(p[1].negotiation.current()).isSameAs(before);
  }

  @Test
  void candidatesMayComeBeforeTheOffer() {
    Peer b = new Peer(false, Duration.ZERO, 3);
    b.other = new Peer(true, Duration.ZERO, 4);
    RemoteAddress early = new RemoteAddress(CandidateKind.host, new InetSocketAddress("192.0.2.9", 7009), 1);
    b.negotiation.received(new Signal(SignalType.candidate, 10, Notes.encode(List.of(early))));
    Description offer = new Description(
        io.weft.path.ice.check.Credentials.draw(new Random(9)), 7, 0, 0, "", "", "", io.weft.path.NatKind.unknown);
    b.negotiation.received(new Signal(SignalType.auth, 10, offer.encode()));
    assertThat(b.candidates).containsExactly(early);
  }

  /** Somebody says an old offer again and again, or a member forges new ones: the attempt that runs still gets its time. */
  @Test
  void aStormOfOffersStillLeadsToAPath() {
    for (int seed = 0; seed < 50; seed++) {
      random = new SplittableRandom(seed);
      Peer[] p = pair(Duration.ofMillis(100));
      p[0].negotiation.start(7);
      long forged = time.now().toEpochMilli() + 1_000;
      for (int i = 0; i < 20; i++) {
        passes(Duration.ofMillis(50));
        Description offer = new Description(
            io.weft.path.ice.check.Credentials.draw(new Random(seed)), 50 + i, 0, 0, "", "", "", io.weft.path.NatKind.unknown);
        p[1].negotiation.received(new Signal(SignalType.auth, forged + i, offer.encode()));
      }
      boolean done = false;
      for (int t = 0; t < 30 && !done; t++) {
        passes(Duration.ofSeconds(1));
        if (p[0].negotiation.current() == null) {
          p[0].negotiation.start(100 + t);
        }
        done = p[0].isConnectedWith(p[1]);
      }
      assertThat(done).as("seed " + seed).isTrue();
      p[0].negotiation.close();
      p[1].negotiation.close();
    }
  }
}
