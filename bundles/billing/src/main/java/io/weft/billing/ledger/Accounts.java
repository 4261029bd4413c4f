package io.weft.billing.ledger;

import io.weft.billing.Account;
import io.weft.billing.AccountRef;
import io.weft.billing.AccountState;
import io.weft.billing.Hour;
import io.weft.billing.NewAccount;
import io.weft.billing.Reading;
import io.weft.billing.money.Money;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Who has an account, and what their meters showed. Identities come in as they are and are hashed here. */
public final class Accounts {

  /** How far back an account can be opened. */
  private static final int BACK_MAX_HOURS = 744;

  private static final String COLUMNS =
      "SELECT a.number, a.identity, a.state, a.balance, a.credit_limit, a.since FROM accounts a";

  private static final String OPEN = """
      WITH fresh AS (
        INSERT INTO accounts (identity, credit_limit, since)
        SELECT t.identity, t.credit_limit, greatest(coalesce(t.since, ?), ?)
        FROM unnest(?, ?, ?) AS t (identity, credit_limit, since)
        WHERE NOT EXISTS (SELECT 1 FROM identities i WHERE i.identity = t.identity)
        ORDER BY t.identity
        ON CONFLICT (identity) DO NOTHING
        RETURNING number, identity
      )
      INSERT INTO identities (identity, account) SELECT identity, number FROM fresh""";

  private static final String RECORD = """
      INSERT INTO readings (account, meter, hour, quantity)
      SELECT i.account, t.meter, t.hour, t.quantity
      FROM unnest(?, ?, ?, ?) AS t (identity, meter, hour, quantity) JOIN identities i ON i.identity = t.identity
      ORDER BY 1, 2, 3
      ON CONFLICT (account, meter, hour) DO UPDATE SET quantity = excluded.quantity""";

  private final Ledger ledger;
  private final Identities identities;

  public Accounts(Ledger ledger, Identities identities) {
    this.ledger = ledger;
    this.identities = identities;
  }

  static AccountRef ref(ResultSet row) throws SQLException {
    return new AccountRef(row.getLong("number"), HexFormat.of().formatHex(row.getBytes("identity")));
  }

  static AccountState state(ResultSet row) throws SQLException {
    return AccountState.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
  }

  private static Account account(ResultSet row) throws SQLException {
    return new Account(ref(row), state(row), row.getBigDecimal("balance"), row.getBigDecimal("credit_limit"),
        Sql.hour(row, "since").orElseThrow());
  }

  public List<Account> list(long after, int max, Optional<AccountState> state) throws SQLException {
    String wanted = state.map(s -> s.name().toLowerCase(Locale.ROOT)).orElse("");
    return ledger.read(c -> Sql.list(c, COLUMNS + " WHERE a.number > ? AND (? = '' OR a.state = ?) ORDER BY a.number LIMIT ?",
        Accounts::account, after, wanted, wanted, max));
  }

  public Optional<Account> find(long number) throws SQLException {
    return ledger.read(c -> Sql.first(c, COLUMNS + " WHERE a.number = ?", Accounts::account, number));
  }

  public Optional<Account> find(String identity) throws SQLException {
    byte[] hash = identities.hash(identity);
    return ledger.read(c -> Sql.first(c, COLUMNS + " JOIN identities i ON i.account = a.number WHERE i.identity = ?",
        Accounts::account, (Object) hash));
  }

  /** Opens those that are not there yet, with readings; returns how many were opened. */
  public int open(List<NewAccount> accounts, List<Reading> readings) throws SQLException {
    Map<String, NewAccount> byHash = new LinkedHashMap<>();
    accounts.forEach(a -> byHash.putIfAbsent(identities.hex(a.identity()), a));
    byte[][] hashes = byHash.keySet().stream().map(HexFormat.of()::parseHex).toArray(byte[][]::new);
    BigDecimal[] limits = byHash.values().stream().map(a -> Money.exact(a.creditLimit())).toArray(BigDecimal[]::new);
    OffsetDateTime[] since = byHash.values().stream().map(a -> a.since().map(h -> Sql.time(h.start())).orElse(null))
        .toArray(OffsetDateTime[]::new);
    return ledger.write(c -> {
      Hour now = Sql.one(c, "SELECT hour_of(clock_now()) AS hour FROM books FOR SHARE", row -> Sql.hour(row, "hour")
          .orElseThrow());
      backTo(c, accounts, now);
      Hour first = Sql.one(c, "SELECT coalesce(begun + interval '1 hour', billed_from) AS hour FROM books",
          row -> Sql.hour(row, "hour").orElseThrow());
      int opened = Sql.update(c, OPEN, now, first, hashes, limits, since);
      record(c, readings);
      return opened;
    });
  }

  /** As long as nothing was ever charged, accounts may begin before the books did. */
  private static void backTo(Connection connection, List<NewAccount> accounts, Hour now) throws SQLException {
    Optional<Hour> earliest = accounts.stream().flatMap(a -> a.since().stream()).min(Hour::compareTo);
    if (earliest.isPresent()) {
      Hour from = earliest.get().compareTo(now.plus(-BACK_MAX_HOURS)) < 0 ? now.plus(-BACK_MAX_HOURS) : earliest.get();
      Sql.update(connection, "UPDATE books SET billed_from = ? WHERE begun IS NULL AND billed_from > ?", from, from);
    }
  }

  /** Returns how many readings were taken; the others belong to no account. */
  public int record(List<Reading> readings) throws SQLException {
    return ledger.write(c -> record(c, readings));
  }

  private int record(Connection connection, List<Reading> readings) throws SQLException {
    record Key(String identity, String meter, Hour hour) {}
    Map<Key, BigDecimal> last = new LinkedHashMap<>();
    readings.forEach(r -> last.put(new Key(identities.hex(r.identity()), r.meter(), r.hour()), r.quantity()));
    if (last.isEmpty()) {
      return 0;
    }
    byte[][] hashes = last.keySet().stream().map(k -> HexFormat.of().parseHex(k.identity())).toArray(byte[][]::new);
    String[] meters = last.keySet().stream().map(Key::meter).toArray(String[]::new);
    OffsetDateTime[] hours = last.keySet().stream().map(k -> Sql.time(k.hour().start())).toArray(OffsetDateTime[]::new);
    Sql.update(connection, "INSERT INTO meters SELECT DISTINCT unnest(?) ON CONFLICT DO NOTHING", (Object) meters);
    return Sql.update(connection, RECORD, hashes, meters, hours, last.values().toArray(BigDecimal[]::new));
  }

  /** False if another account has it. */
  public boolean link(long account, String identity) throws SQLException {
    byte[] hash = identities.hash(identity);
    return ledger.write(c -> {
      Sql.update(c, "INSERT INTO identities (identity, account) VALUES (?, ?) ON CONFLICT DO NOTHING", hash, account);
      return Sql.number(c, "SELECT account FROM identities WHERE identity = ?", (Object) hash) == account;
    });
  }

  /** Two keys would make two accounts of one identity, so only the first one that these books saw is let in. */
  public boolean isRightKey() throws SQLException {
    byte[] check = identities.check();
    return ledger.write(c -> {
      Sql.update(c, "UPDATE books SET identity_check = ? WHERE identity_check IS NULL", (Object) check);
      return Sql.number(c, "SELECT count(*) FROM books WHERE identity_check = ?", (Object) check) == 1;
    });
  }
}
