package io.weft.billing;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How billing is doing.
 *
 * @param plan name of the rating plan that counts; empty if there is none, and nothing is charged
 * @param lastCharged the last hour that is wholly charged
 * @param hoursOwed hours that have ended and are not wholly charged
 * @param unmatched deposits of payers that no account has
 * @param singleton what keeps jobs to one node: {@code dcs}, {@code database}, or {@code off}
 * @param holder whether this node holds the lock of the database; false where the DCS decides
 * @param switches safety features by name, and whether they are on
 */
public record BillingStatus(
    long accounts,
    long suspended,
    String plan,
    List<String> meters,
    List<String> depositSources,
    Optional<Hour> lastCharged,
    long hoursOwed,
    long deposits,
    long unmatched,
    String singleton,
    boolean holder,
    Map<String, Boolean> switches) {

  public BillingStatus {
    meters = List.copyOf(meters);
    depositSources = List.copyOf(depositSources);
    switches = Map.copyOf(switches);
  }
}
