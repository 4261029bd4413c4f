package org.example.bankstatements;

import io.weft.billing.DepositSource;
import io.weft.testkit.billing.DepositSourceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** What every source of deposits keeps to. */
class BankStatementsContractTest extends DepositSourceContract {

  @TempDir
  Path folder;

  private int paid;

  @Override
  protected DepositSource source() {
    return new BankStatements("bank", folder, new StatementReader("EUR", "iban"));
  }

  @Override
  protected void pay(List<String> payers) throws Exception {
    List<String> entries = payers.stream().map(payer -> Camt.entry("E" + ++paid, "1.00", Camt.transfer("1.00", payer, ""))).toList();
    Files.writeString(folder.resolve(paid + ".xml"), Camt.statement(entries));
  }

  @Override
  protected String payer(int number) {
    return String.format("DE00%018d", number);
  }
}
