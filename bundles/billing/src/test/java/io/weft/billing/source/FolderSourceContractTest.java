package io.weft.billing.source;

import io.weft.billing.DepositSource;
import io.weft.testkit.billing.DepositSourceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class FolderSourceContractTest extends DepositSourceContract {

  @TempDir
  Path folder;

  private int paid;

  @Override
  protected DepositSource source() {
    return new FolderSource("bank", folder);
  }

  @Override
  protected void pay(List<String> payers) throws Exception {
    StringBuilder lines = new StringBuilder("id,payer,amount,time\n");
    payers.forEach(payer -> lines.append(++paid).append(',').append(payer).append(",1,2026-01-01T00:00:00Z\n"));
    Files.writeString(folder.resolve(paid + ".csv"), lines);
  }

  @Override
  protected String payer(int number) {
    return "user" + number + "@example.org";
  }
}
