package org.example.passstore;

import io.weft.secret.SecretSource;
import io.weft.testkit.SecretSourceContract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What every secret source keeps to. */
class PassStoreContractTest extends SecretSourceContract {

  @TempDir
  Path folder;

  @Override
  protected SecretSource open() throws Exception {
    return PassStoreTest.store(folder);
  }

  @Override
  protected String existing() {
    return "db/password";
  }

  @Override
  protected byte[] value() {
    return "correct-horse".getBytes(StandardCharsets.UTF_8);
  }

  @Override
  protected String missing() {
    return "db/nothing";
  }
}
