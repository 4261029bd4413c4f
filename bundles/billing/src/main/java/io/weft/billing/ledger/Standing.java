package io.weft.billing.ledger;

import io.weft.billing.Hour;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * How the books stand.
 *
 * @param last the last hour that is wholly charged
 * @param owed hours that are over and are not
 */
public record Standing(
    long accounts, long suspended, Optional<Hour> last, long owed, long deposits, long unmatched, List<String> meters) {

  public static Standing of(Books books) throws SQLException {
    Periods periods = new Periods(books.rules());
    return books.ledger().read(c -> {
      Periods.Standing hours = periods.standing(c);
      return new Standing(
          Sql.number(c, "SELECT count(*) FROM accounts"),
          Sql.number(c, "SELECT count(*) FROM accounts WHERE state = 'suspended'"),
          hours.lastDone(),
          hours.owed(),
          Sql.number(c, "SELECT count(*) FROM deposits WHERE state = 'credited'"),
          Sql.number(c, "SELECT count(*) FROM deposits WHERE state = 'unmatched'"),
          books.meters().names(c));
    });
  }
}
