package io.weft.billing.ledger;

import static io.weft.billing.ledger.Contention.BATCHES;
import static io.weft.billing.ledger.Contention.NOW;
import static io.weft.billing.ledger.Contention.SCALE;
import static io.weft.billing.ledger.Contention.TEN_GB;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.billing.Deposit;
import io.weft.billing.DepositBatch;
import io.weft.billing.DepositSource;
import io.weft.billing.DirectDatabase;
import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import io.weft.testkit.AnswerThief;
import io.weft.testkit.AnswerThief.Takes;
import io.weft.testkit.Await;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** COMMITs that get lost on the wire, and servers that die in the middle of one: whoever asked does not know, and finds out. */
@ExtendWith(WithPostgres.class)
class LostCommitsTest {

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Random random = new Random(6);

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void chargesWhoseAnswerIsStolenOnTheWireCountOnce(Rig rig) throws Exception {
    rig.rules = Contention.inBatchesOf(100 * BATCHES);
    rig.accounts(300 * SCALE, TEN_GB, NOW.plus(SCALE > 1 ? -10 : -4));
    AnswerThief thief = keep(new AnswerThief(rig.server().port(), this::sometimes));
    Contention contention = new Contention(rig);
    contention.run(seed -> keep(DirectDatabase.by(thief)), contention::isDone);
    assertThat(thief.taken()).as("stolen").isPositive();
    contention.assertEverybodyPaidOnce(NOW.plus(-1), thief.taken() + " COMMITs or their answers stolen");
  }

  private Takes sometimes() {
    return switch (random.nextInt(12)) {
      case 0, 1 -> Takes.THE_ANSWER;
      case 2 -> Takes.THE_CONNECTION;
      default -> Takes.NOTHING;
    };
  }

  /** The server dies while a COMMIT is on its way: before it, in it or after it. */
  @Test
  void aServerThatDiesInTheMiddleOfACommitHasItOrNot(Rig rig) throws Exception {
    rig.rules = Contention.inBatchesOf(100 * BATCHES);
    rig.accounts(300 * SCALE, TEN_GB, NOW.plus(SCALE > 1 ? -10 : -3));
    AtomicInteger commits = new AtomicInteger();
    ExecutorService killer = Executors.newSingleThreadExecutor();
    List<Future<?>> kills = Collections.synchronizedList(new ArrayList<>());
    AnswerThief way = keep(new AnswerThief(rig.server().port(), () -> {
      int n = commits.incrementAndGet();
      if (n == 5 || n == 12 || n % 1_000 == 0) {
        kills.add(killer.submit(() -> rig.server().crash()));
      }
      return Takes.NOTHING;
    }));
    Contention contention = new Contention(rig);
    contention.run(seed -> keep(DirectDatabase.by(way)), contention::isDone);
    killer.shutdown();
    assertThat(killer.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
    for (Future<?> kill : kills) {
      kill.get();
    }
    assertThat(kills).hasSizeGreaterThanOrEqualTo(2);
    rig.forgetConnections();
    contention.assertEverybodyPaidOnce(NOW.plus(-1), kills.size() + " crashes in mid-commit");
  }

  @Test
  void depositsWhoseAnswerIsStolenAreCreditedOnce(Rig rig) throws Exception {
    rig.accounts(20, 0, NOW);
    List<Deposit> deposits = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      deposits.add(new Deposit("d" + i, "user" + (1 + i % 20) + "@example.org", new BigDecimal("2.5"), Instant.EPOCH));
    }
    rig.sources.add(new Few(deposits));
    AnswerThief thief = keep(new AnswerThief(rig.server().port(), this::sometimes));
    Credits credits = rig.credits(keep(DirectDatabase.by(thief)), "n");
    Await.until("answers to be stolen, and all to be credited", Contention.LONG, () -> {
      credits.run(rig.run(), "dcs");
      return thief.taken() > 3 && rig.query("SELECT count(*) FROM entries").equals("200");
    });
    assertThat(rig.query("SELECT count(DISTINCT reference) || ' ' || sum(amount)::text FROM entries")).startsWith("200 500.0");
    assertThat(rig.audit().verify().good()).isTrue();
  }

  /** A few at a time, so that there are many commits. */
  private record Few(List<Deposit> deposits) implements DepositSource {

    @Override
    public String name() {
      return "few";
    }

    @Override
    public DepositBatch read(String cursor, int max) {
      int from = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
      int to = Math.min(deposits.size(), from + 20);
      return new DepositBatch(deposits.subList(from, to), Integer.toString(to), to < deposits.size());
    }
  }

  private synchronized <T extends AutoCloseable> T keep(T one) {
    open.add(one);
    return one;
  }
}
