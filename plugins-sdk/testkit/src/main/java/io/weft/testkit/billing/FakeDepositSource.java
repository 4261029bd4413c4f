package io.weft.testkit.billing;

import io.weft.billing.Deposit;
import io.weft.billing.DepositBatch;
import io.weft.billing.DepositSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Gives what a test paid in, in that order; may give all of it again and again, and may lose some. Any thread. */
public final class FakeDepositSource implements DepositSource {

  private final String name;
  private final Set<String> gone = ConcurrentHashMap.newKeySet();
  // Guarded by this.
  private final List<Deposit> paid = new ArrayList<>();
  private boolean forgetful;
  private boolean broken;

  public FakeDepositSource(String name) {
    this.name = name;
  }

  /** Somebody paid. */
  public synchronized void pay(Deposit deposit) {
    paid.add(deposit);
  }

  /** Somebody paid now; the id follows from how many did so before. */
  public synchronized void pay(String payer, BigDecimal amount) {
    paid.add(new Deposit("deposit-" + paid.size(), payer, amount, Instant.EPOCH.plusSeconds(paid.size())));
  }

  /** Takes a deposit back that was given before. */
  public void vanish(String id) {
    gone.add(id);
  }

  /** Whether it forgets how far it was, and begins again with each question. */
  public synchronized void forgetful(boolean now) {
    forgetful = now;
  }

  /** Whether it does not answer. */
  public synchronized void broken(boolean now) {
    broken = now;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized DepositBatch read(String cursor, int max) throws IOException {
    if (broken) {
      throw new IOException("the source " + name + " does not answer");
    }
    boolean known = !forgetful && cursor.matches("[0-9]{1,9}"); // what it does not know is the beginning
    int from = known ? Math.min(Integer.parseInt(cursor), paid.size()) : 0;
    int to = Math.min(from + max, paid.size());
    return new DepositBatch(paid.subList(from, to), Integer.toString(to), !forgetful && to < paid.size());
  }

  @Override
  public List<String> gone(List<String> ids) {
    return ids.stream().filter(gone::contains).toList();
  }
}
