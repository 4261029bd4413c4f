package io.weft.billing;

import java.util.List;

/**
 * Some deposits of a source.
 *
 * @param deposits in any order; one that was given before does no harm
 * @param cursor where to go on; kept in the transaction that credits these deposits
 * @param more whether there are further ones now
 */
public record DepositBatch(List<Deposit> deposits, String cursor, boolean more) {

  public DepositBatch {
    deposits = List.copyOf(deposits);
  }
}
