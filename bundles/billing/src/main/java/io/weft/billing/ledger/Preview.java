package io.weft.billing.ledger;

import io.weft.billing.ChargePreview;
import io.weft.billing.Hour;
import io.weft.billing.RatingPlan;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** What charging an hour would do. */
public final class Preview {

  private static final int BATCH = 5_000;
  private static final int LARGEST = 10;

  private final Ledger ledger;
  private final Meters meters;

  public Preview(Books books) {
    this.ledger = books.ledger();
    this.meters = books.meters();
  }

  public ChargePreview of(Hour hour, RatingPlan plan) throws Exception {
    long charged = 0;
    long free = 0;
    long skipped = 0;
    long done = 0;
    BigDecimal total = BigDecimal.ZERO;
    PriorityQueue<ChargePreview.Line> largest = new PriorityQueue<>(Comparator.comparing(ChargePreview.Line::amount));
    List<Metered> batch = next(hour, 0);
    while (!batch.isEmpty()) {
      Map<Long, BigDecimal> fees = meters.fees(hour, batch, plan);
      Set<Long> already = already(hour, batch);
      for (Metered account : batch) {
        long number = account.ref().number();
        BigDecimal fee = fees.get(number);
        if (already.contains(number)) {
          done++;
        } else if (!account.active()) {
          skipped++;
        } else if (fee.signum() == 0) {
          free++;
        } else {
          charged++;
          total = total.add(fee);
          largest.add(new ChargePreview.Line(number, fee, account.balance().subtract(fee)));
          if (largest.size() > LARGEST) {
            largest.poll();
          }
        }
      }
      batch = next(hour, batch.get(batch.size() - 1).ref().number());
    }
    List<ChargePreview.Line> top = largest.stream().sorted(Comparator.comparing(ChargePreview.Line::amount).reversed()).toList();
    return new ChargePreview(hour, plan.name(), charged, free, skipped, done, total, top);
  }

  private List<Metered> next(Hour hour, long after) throws Exception {
    return ledger.next(c -> Meters.batch(c, hour, after, BATCH));
  }

  private Set<Long> already(Hour hour, List<Metered> batch) throws Exception {
    return new HashSet<>(ledger.read(c -> Sql.list(c,
        "SELECT account FROM entries WHERE type = 'charge' AND guarded AND period = ? "
        + "AND account BETWEEN ? AND ?", row -> row.getLong(1), hour, batch.get(0).ref().number(),
        batch.get(batch.size() - 1).ref().number())));
  }
}
