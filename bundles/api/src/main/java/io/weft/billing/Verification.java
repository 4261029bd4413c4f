package io.weft.billing;

import java.math.BigDecimal;
import java.util.List;

/**
 * Whether the books are right, as one consistent view of the database tells.
 *
 * @param balance sum of all balances
 */
public record Verification(long accounts, long entries, BigDecimal balance, List<Finding> findings) {

  public Verification {
    findings = List.copyOf(findings);
  }

  public boolean good() {
    return findings.stream().allMatch(Finding::good);
  }
}
