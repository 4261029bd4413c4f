package io.weft.path.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.Reason;
import io.weft.path.CandidateKind;
import io.weft.path.ice.check.Credentials;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalType;
import io.weft.testkit.ManualTime;
import io.weft.testkit.network.VirtualHost;
import io.weft.testkit.network.VirtualNetwork;
import io.weft.testkit.network.VirtualSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Two sides that both want a path, several times and at any moment, while notes between them are slow, lost, doubled and overtake
 * each other. However it goes, both end with the same attempt. 500 seeds, because each of the ways to get stuck is rare.
 */
class OfferRaceTest {

  private static final int SEEDS = 500;
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(6);
  private static final Duration CONVERGED_MAX = Duration.ofSeconds(90);
  private static final Duration STEP = Duration.ofMillis(100);
  private static final int CALM_STEPS = 300;

  @Test
  void everySeedConverges() {
    List<String> failures = new ArrayList<>();
    long longest = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Race race = new Race(seed);
      String failure = race.run();
      longest = Math.max(longest, race.convergedMillis);
      if (!failure.isEmpty()) {
        failures.add("seed " + seed + ": " + failure);
      }
    }
    int good = SEEDS - failures.size();
    System.out.println("offer race: " + good + " of " + SEEDS + " converged, the longest after " + longest + " ms of its time");
    assertThat(failures).isEmpty();
  }

  /** One side: what the rules told it, and what it does when they tell it that an attempt failed. */
  private static final class Side implements Negotiation.Steps {

    final Race race;
    final Negotiation negotiation;
    final VirtualSocket socket;
    final List<RemoteAddress> own;
    InetSocketAddress mailbox;
    Side other;
    @Nullable Attempt agreed;
    @Nullable Credentials theirs;
    final List<RemoteAddress> found = new ArrayList<>();
    @Nullable Attempt connected;
    long changes;

    Side(Race race, VirtualHost host, int number, boolean controlling) {
      this.race = race;
      this.socket = host.bind(1, (payload, from) -> heard(payload));
      this.own = List.of(new RemoteAddress(CandidateKind.host, new InetSocketAddress("198.51.100." + number, 7450), number));
      SplittableRandom random = new SplittableRandom(race.seed * 31L + number);
      this.negotiation =
          new Negotiation(race.time, race.time, Runnable::run, random, controlling, plain -> plain, new IceCounters(), this);
    }

    @Override
    public void send(Signal signal) {
      byte[] data = signal.data();
      ByteBuffer note = ByteBuffer.allocate(9 + data.length);
      socket.send(note.put((byte) signal.type().ordinal()).putLong(signal.attempt()).put(data).array(), mailbox);
    }

    void heard(byte[] payload) {
      ByteBuffer in = ByteBuffer.wrap(payload);
      SignalType type = SignalType.values()[in.get()];
      negotiation.received(new Signal(type, in.getLong(), Arrays.copyOfRange(payload, 9, payload.length)));
    }

    @Override
    public void began(Attempt attempt) {
      connected = null;
      negotiation.say(attempt, SignalType.candidate, Notes.encode(own));
      negotiation.say(attempt, SignalType.done, new byte[0]);
    }

    @Override
    public void agreed(Attempt attempt, Description description) {
      agreed = attempt;
      theirs = description.credentials();
      found.clear();
      race.perhapsLinked();
    }

    @Override
    public void candidates(Attempt attempt, List<RemoteAddress> more) {
      found.addAll(more);
      race.perhapsLinked();
    }

    @Override
    public void over(Attempt attempt, Reason why) {
      changes++;
      if (!why.code().equals("superseded")) {
        race.later(Duration.ofSeconds(1), () -> negotiation.start(race.random.nextLong(1, Long.MAX_VALUE)));
      }
    }

    void pairWorks(Attempt attempt) {
      if (attempt == negotiation.current()) {
        negotiation.connected(attempt);
        connected = attempt;
        changes++;
      }
    }

    boolean is(@Nullable Attempt attempt) {
      return attempt != null && attempt == negotiation.current() && !negotiation.isRunning();
    }
  }

  private static final class Race {

    final long seed;
    final ManualTime time = new ManualTime();
    final SplittableRandom random;
    final Side a;
    final Side b;
    long convergedMillis;

    Race(long seed) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      VirtualNetwork network = new VirtualNetwork(time, seed);
      VirtualHost hostA = network.host("a", "198.51.100.1");
      VirtualHost hostB = network.host("b", "198.51.100.2");
      for (VirtualHost host : List.of(hostA, hostB)) {
        host.up().delay(Duration.ofMillis(random.nextInt(1, 300))).jitter(Duration.ofMillis(random.nextInt(0, 1_500)))
            .loss(random.nextDouble(0.3)).duplicates(random.nextDouble(0.2));
      }
      a = new Side(this, hostA, 1, true);
      b = new Side(this, hostB, 2, false);
      a.other = b;
      b.other = a;
      a.mailbox = b.socket.address();
      b.mailbox = a.socket.address();
    }

    void later(Duration most, Runnable task) {
      time.after(Duration.ofNanos(random.nextLong(most.toNanos())), Runnable::run, task);
    }

    String run() {
      for (Side side : List.of(a, b)) {
        for (int i = random.nextInt(side == a ? 1 : 0, 4); i > 0; i--) {
          later(STARTS_WITHIN, () -> side.negotiation.start(random.nextLong(1, Long.MAX_VALUE)));
        }
      }
      int calm = 0;
      for (int step = 0; calm < CALM_STEPS; step++) {
        long before = a.changes + b.changes;
        time.advance(STEP);
        boolean one = haveConverged() && before == a.changes + b.changes;
        calm = one ? calm + 1 : 0;
        convergedMillis = one ? convergedMillis : time.nanos() / 1_000_000;
        if (!one && time.nanos() > CONVERGED_MAX.toNanos()) {
          return "not of one mind: a " + a.negotiation.current() + ", b " + b.negotiation.current();
        }
      }
      a.negotiation.close();
      b.negotiation.close();
      time.advance(Duration.ofMinutes(1));
      return time.pending() == 0 ? "" : time.pending() + " timers are left";
    }

    boolean haveConverged() {
      return a.is(a.connected) && b.is(b.connected) && match();
    }

    /** Whether each side checks with the credentials of the other's very attempt. */
    private boolean match() {
      return a.agreed != null && b.agreed != null && a.agreed == a.negotiation.current() && b.agreed == b.negotiation.current()
          && a.agreed.credentials().equals(b.theirs) && b.agreed.credentials().equals(a.theirs);
    }

    /** Checks work as soon as both sides know each other's credentials and one knows an address of the other. */
    void perhapsLinked() {
      if (match() && (!a.found.isEmpty() || !b.found.isEmpty())) {
        Attempt ofA = a.agreed;
        Attempt ofB = b.agreed;
        later(Duration.ofMillis(400), () -> {
          if (match() && ofA == a.agreed && ofB == b.agreed) {
            a.pairWorks(ofA);
            later(Duration.ofMillis(200), () -> b.pairWorks(ofB));
          }
        });
      }
    }
  }
}
