package org.example.filestore;

import io.weft.testkit.dcs.DcsContract;
import io.weft.testkit.dcs.DcsRig;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What every store keeps to. */
class FileStoreContractTest extends DcsContract {

  @TempDir
  static Path folder;

  @Override
  protected DcsRig open() throws Exception {
    return new FileStoreRig(folder.resolve("store.json"));
  }
}
