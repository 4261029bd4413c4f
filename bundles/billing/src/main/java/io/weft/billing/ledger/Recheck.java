package io.weft.billing.ledger;

import io.weft.billing.DepositSource;
import io.weft.coordination.JobRun;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each source whether what was credited lately is still there. What is not is noted and no more: {@link Audit} names it
 * until somebody has put it right by an adjustment, whose reference begins with {@value #TAKEN_BACK} or {@value #GIVEN_BACK}.
 */
public final class Recheck {

  /** Reference of the adjustment that takes a credit back: this and the reference of the deposit. */
  static final String TAKEN_BACK = "gone:";

  /** Of the one that gives it again, where the deposit has come back since. */
  static final String GIVEN_BACK = "back:";

  private static final Logger log = LoggerFactory.getLogger(Recheck.class);
  private static final int MOST = 1_000;

  private static final String LATELY = """
      SELECT id FROM deposits WHERE source = ? AND state = 'credited'
      AND (gone_at IS NOT NULL OR seen_at > clock_now() - make_interval(secs => ?))
      ORDER BY gone_at NULLS LAST, seen_at DESC LIMIT ?""";

  private static final String GONE = "UPDATE deposits SET gone_at = clock_now() "
      + "WHERE source = ? AND id = ANY (?) AND state = 'credited' AND gone_at IS NULL RETURNING id, account";

  private static final String BACK = "UPDATE deposits SET gone_at = NULL "
      + "WHERE source = ? AND id = ANY (?) AND gone_at IS NOT NULL RETURNING id, account";

  private final Ledger ledger;
  private final Supplier<List<DepositSource>> sources;
  private final Duration window;

  /** @param window deposits that were first seen longer ago are final; zero asks for none */
  public Recheck(Books books, Supplier<List<DepositSource>> sources, Duration window) {
    this.ledger = books.ledger();
    this.sources = sources;
    this.window = window;
  }

  /** A source that does not answer is asked again by the next run, and keeps nobody from asking the others. */
  public void run(JobRun run) throws Exception {
    for (DepositSource source : window.isZero() ? List.<DepositSource>of() : sources.get()) {
      run.check();
      try {
        ask(source);
      } catch (InterruptedException | CancellationException e) {
        throw e;
      } catch (Exception e) {
        log.warn("deposits not checked again source={} problem=\"{}\"", source.name(), SqlFailures.inWords(e));
      }
    }
  }

  private void ask(DepositSource source) throws Exception {
    List<String> ids = ledger.read(c -> Sql.list(c, LATELY, row -> row.getString(1), source.name(), (double) window.toSeconds(),
        MOST));
    if (ids.isEmpty()) {
      return;
    }
    Set<String> gone = new HashSet<>(source.gone(ids));
    gone.retainAll(ids);
    Set<String> there = new HashSet<>(ids);
    there.removeAll(gone);
    ledger.write(c -> {
      note(c, GONE, source, gone,
          "deposit is gone from its source source={} id={} account={} what=\"its credit stays; see billing verify\"");
      note(c, BACK, source, there, "deposit is back at its source source={} id={} account={}");
      return true;
    });
  }

  private static void note(Connection connection, String sql, DepositSource source, Set<String> ids, String event)
      throws SQLException {
    record Noted(String id, long account) {}
    for (Noted one : Sql.list(connection, sql, row -> new Noted(row.getString(1), row.getLong(2)), source.name(),
        ids.toArray(String[]::new))) {
      log.warn(event, source.name(), one.id(), one.account());
    }
  }
}
