package io.weft.billing.ledger;

import io.weft.billing.MeterSource;
import java.util.List;
import java.util.function.Supplier;

/** What everything that works on the books shares. */
public final class Books {

  private final Ledger ledger;
  private final Rules rules;
  private final Notices notices;
  private final Meters meters;

  public Books(Ledger ledger, Rules rules, Notices notices, Supplier<List<MeterSource>> meters) {
    this.ledger = ledger;
    this.rules = rules;
    this.notices = notices;
    this.meters = new Meters(meters);
  }

  public Ledger ledger() {
    return ledger;
  }

  public Rules rules() {
    return rules;
  }

  Notices notices() {
    return notices;
  }

  Meters meters() {
    return meters;
  }
}
