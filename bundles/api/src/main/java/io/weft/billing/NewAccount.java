package io.weft.billing;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * An account to be opened.
 *
 * @param identity who it is outside, such as an e-mail address; it is hashed and then forgotten
 * @param since the first hour to charge; empty for the current one. Hours whose charging has begun are out of reach
 * @param creditLimit not negative
 */
public record NewAccount(String identity, Optional<Hour> since, BigDecimal creditLimit) {

  private static final int IDENTITY_MAX = 512;

  public NewAccount {
    if (identity.isBlank() || identity.length() > IDENTITY_MAX) {
      throw new IllegalArgumentException("an identity has 1 to " + IDENTITY_MAX + " characters");
    }
    if (creditLimit.signum() < 0) {
      throw new IllegalArgumentException("a credit limit is not negative");
    }
  }

  /** From now on, without credit. */
  public static NewAccount of(String identity) {
    return new NewAccount(identity, Optional.empty(), BigDecimal.ZERO);
  }

  /** Says nothing of who it is. */
  @Override
  public String toString() {
    return "NewAccount[since=" + since + ", creditLimit=" + creditLimit + "]";
  }
}
