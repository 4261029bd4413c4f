package org.example.usagefiles;

import io.weft.billing.AccountRef;
import io.weft.billing.Hour;
import io.weft.billing.MeterSource;
import io.weft.testkit.billing.MeterSourceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What every meter keeps to. */
class UsageFilesContractTest extends MeterSourceContract {

  @TempDir
  Path folder;

  @Override
  protected MeterSource source() {
    return new UsageFiles("storage", folder.resolve("usage"));
  }

  @Override
  protected void use(AccountRef account, Hour hour, long quantity) throws Exception {
    Path usage = Files.createDirectories(folder.resolve("usage"));
    Files.writeString(usage.resolve(hour.key().replace("hour:", "") + ".csv"), account.number() + "," + quantity + "\n");
  }

  @Override
  protected void breakDown() throws Exception {
    Files.move(Files.createDirectories(folder.resolve("usage")), folder.resolve("gone"));
  }
}
