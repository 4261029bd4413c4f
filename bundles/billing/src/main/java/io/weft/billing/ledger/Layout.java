package io.weft.billing.ledger;

import io.weft.store.Migration;
import io.weft.store.SchemaSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The tables of the books. What was released is never changed; what comes is a further step. */
@Component(name = "weft.billing.layout")
public final class Layout implements SchemaSource {

  public static final String SCHEMA = "weft_billing";

  private static final Migration.Obstacle MONEY = new Migration.Obstacle("ledger entries, which are the only copy of the books",
      "SELECT count(*) || ' entries' FROM entries HAVING count(*) > 0");
  private static final Migration.Obstacle ACCOUNTS = new Migration.Obstacle("accounts",
      "SELECT count(*) || ' accounts' FROM accounts HAVING count(*) > 0");

  private static final Migration.Obstacle GONE = new Migration.Obstacle("marks of deposits that are gone from their source",
      "SELECT source || ':' || id FROM deposits WHERE gone_at IS NOT NULL ORDER BY 1");

  @Override
  public String schema() {
    return SCHEMA;
  }

  @Override
  public List<Migration> migrations() {
    return List.of(
        Migration.of(1, "ledger", text("001-ledger.sql")).withDown(text("001-ledger.down.sql"), MONEY, ACCOUNTS),
        Migration.of(2, "charges-by-hour", text("002-charges-by-hour.sql")).withoutTransaction()
            .withDown("DROP INDEX entries_charge_by_hour"),
        Migration.of(3, "other-entries", text("003-other-entries.sql")).withoutTransaction().withDown("DROP INDEX entries_other"),
        Migration.of(4, "one-after-the-other", text("004-one-after-the-other.sql"))
            .withDown(text("004-one-after-the-other.down.sql")),
        Migration.of(5, "gone-deposits", text("005-gone-deposits.sql")).withDown(text("005-gone-deposits.down.sql"), GONE));
  }

  /** What makes the tables all at once, in one transaction, where there is nothing yet. */
  static List<String> fresh() {
    return new Layout().migrations().stream().map(m -> m.up().replace(" INDEX CONCURRENTLY ", " INDEX ")).toList();
  }

  private static String text(String name) {
    try (InputStream in = Layout.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the bundle");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
