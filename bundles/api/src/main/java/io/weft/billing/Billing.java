package io.weft.billing;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The books: who has how much, and why. Any thread; everything blocks on the database, and throws {@link BillingUnavailable} if
 * that does not answer. What changes something says so in the audit log with the name of {@code actor}.
 */
@ProviderType
public interface Billing {

  /** Most accounts, readings or entries that one call takes or gives. */
  int BATCH_MAX = 10_000;

  BillingStatus status();

  /**
   * Accounts by number.
   *
   * @param after number to go on after; 0 at the beginning
   * @param state empty for all
   */
  List<Account> accounts(long after, int max, Optional<AccountState> state);

  /** The account of that number. */
  Optional<Account> account(long number);

  /** The account that this identity belongs to; wallets that were linked count. */
  Optional<Account> find(String identity);

  /** How an identity is known here: a keyed hash in hex. Case and blanks around do not matter. */
  String identity(String external);

  /**
   * Entries of an account, newest first.
   *
   * @param before id to go on before; {@link Long#MAX_VALUE} at the beginning
   */
  List<LedgerEntry> ledger(long account, long before, int max);

  /** Empty if there is no such account. */
  Optional<Statement> statement(long account, YearMonth month);

  /** What charging that hour would do; nothing is changed. */
  ChargePreview preview(Hour hour);

  /** Checks the books as a whole. May take a while: about a second for a million entries. */
  Verification verify();

  /**
   * Opens accounts that are not there yet, those that are stay as they are; and notes readings, all in one transaction, so that no
   * hour is charged without what was known of it.
   *
   * @param readings of these accounts or others, as in {@link #record}
   * @return how many were opened
   */
  int open(List<NewAccount> accounts, List<Reading> readings, String actor);

  /**
   * Notes what a meter showed. A reading for an hour that has one replaces it; an hour that was charged is not charged again.
   *
   * @return how many were noted; the others belong to no account
   */
  int record(List<Reading> readings, String actor);

  /** Lets a further identity, such as a wallet, stand for an account. False if another account has it. */
  boolean link(long account, String identity, String actor);

  /**
   * Moves money by hand.
   *
   * @param amount what the balance changes by; not zero
   * @param reference names the reason for ever; a second adjustment of the same account with it does nothing
   * @return whether it was made now
   */
  boolean adjust(long account, BigDecimal amount, String reference, String actor);
}
