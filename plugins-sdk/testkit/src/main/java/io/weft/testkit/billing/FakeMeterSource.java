package io.weft.testkit.billing;

import io.weft.billing.AccountRef;
import io.weft.billing.Hour;
import io.weft.billing.MeterSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Shows what a test says was used. Any thread. */
public final class FakeMeterSource implements MeterSource {

  private record Used(long account, Hour hour) {}

  private final String meter;
  private final Map<Used, BigDecimal> used = new ConcurrentHashMap<>();
  private volatile boolean broken;

  public FakeMeterSource(String meter) {
    this.meter = meter;
  }

  /** The account used that much in that hour. */
  public void use(long account, Hour hour, BigDecimal quantity) {
    used.put(new Used(account, hour), quantity);
  }

  /** Whether it does not know, and says so. */
  public void broken(boolean now) {
    broken = now;
  }

  @Override
  public String meter() {
    return meter;
  }

  @Override
  public Map<Long, BigDecimal> read(Hour hour, List<AccountRef> accounts) throws IOException {
    if (broken) {
      throw new IOException("the meter " + meter + " does not answer");
    }
    Map<Long, BigDecimal> read = new HashMap<>();
    for (AccountRef account : accounts) {
      BigDecimal quantity = used.get(new Used(account.number(), hour));
      if (quantity != null) {
        read.put(account.number(), quantity);
      }
    }
    return read;
  }
}
