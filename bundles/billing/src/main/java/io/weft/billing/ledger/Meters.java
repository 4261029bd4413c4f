package io.weft.billing.ledger;

import io.weft.billing.AccountRef;
import io.weft.billing.AccountState;
import io.weft.billing.Hour;
import io.weft.billing.MeterSource;
import io.weft.billing.RatingPlan;
import io.weft.billing.Usage;
import io.weft.billing.money.Money;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What accounts used in an hour, by the readings in the books and by plugins; and what they pay for it. */
final class Meters {

  static final String BATCH = """
      SELECT a.number, a.identity, a.state, a.balance, used.name, used.quantity
      FROM (SELECT number, identity, state, balance FROM accounts WHERE number > ? AND since <= ? AND (state = 'suspended' OR ?)
        ORDER BY number LIMIT ?) a
      LEFT JOIN LATERAL (
        SELECT m.name, r.quantity FROM meters m CROSS JOIN LATERAL (
          SELECT quantity FROM readings WHERE account = a.number AND meter = m.name AND hour <= ? ORDER BY hour DESC LIMIT 1) r
      ) used ON true
      ORDER BY a.number""";

  private final Supplier<List<MeterSource>> sources;

  Meters(Supplier<List<MeterSource>> sources) {
    this.sources = sources;
  }

  /** The next accounts that this hour is to be charged to, by number. */
  static List<Metered> batch(Connection connection, Hour hour, long after, int max) throws SQLException {
    return batch(connection, hour, after, max, true);
  }

  static List<Metered> suspended(Connection connection, Hour hour, long after, int max) throws SQLException {
    return batch(connection, hour, after, max, false);
  }

  private static List<Metered> batch(Connection connection, Hour hour, long after, int max, boolean all) throws SQLException {
    Map<Long, Metered> found = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(BATCH)) {
      statement.setLong(1, after);
      statement.setObject(2, hour.start().atOffset(ZoneOffset.UTC));
      statement.setBoolean(3, all);
      statement.setInt(4, max);
      statement.setObject(5, hour.start().atOffset(ZoneOffset.UTC));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          long number = rows.getLong("number");
          Metered account = found.get(number);
          if (account == null) {
            account = new Metered(Accounts.ref(rows), Accounts.state(rows) == AccountState.ACTIVE,
                rows.getBigDecimal("balance"), new HashMap<>());
            found.put(number, account);
          }
          String meter = rows.getString("name");
          if (meter != null) {
            account.stored().put(meter, rows.getBigDecimal("quantity"));
          }
        }
      }
    }
    return new ArrayList<>(found.values());
  }

  /** What each of them pays for that hour, by number; those that pay nothing have zero. */
  Map<Long, BigDecimal> fees(Hour hour, List<Metered> accounts, RatingPlan plan) throws Exception {
    List<AccountRef> refs = accounts.stream().map(Metered::ref).toList();
    Map<String, Map<Long, BigDecimal>> read = new HashMap<>();
    for (MeterSource source : sources.get()) {
      read.put(source.meter(), source.read(hour, refs));
    }
    Map<Long, BigDecimal> fees = new HashMap<>(accounts.size() * 2);
    for (Metered account : accounts) {
      fees.put(account.ref().number(), Money.fee(plan.rate(account.ref(), new Usage(hour, quantities(account, read)))));
    }
    return fees;
  }

  /** A plugin's meter takes the place of readings of the same name. */
  private static Map<String, BigDecimal> quantities(Metered account, Map<String, Map<Long, BigDecimal>> read) {
    if (read.isEmpty()) {
      return account.stored();
    }
    Map<String, BigDecimal> all = new HashMap<>(account.stored());
    read.forEach((meter, byAccount) -> {
      BigDecimal quantity = byAccount.getOrDefault(account.ref().number(), BigDecimal.ZERO);
      if (quantity.signum() < 0) {
        throw new ArithmeticException("meter " + meter + " says less than nothing of account " + account.ref().number());
      }
      all.put(meter, quantity);
    });
    return all;
  }

  List<String> names(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>(Sql.list(connection, "SELECT name FROM meters ORDER BY name", row -> row.getString(1)));
    sources.get().stream().map(MeterSource::meter).filter(m -> !names.contains(m)).forEach(names::add);
    return names;
  }
}
