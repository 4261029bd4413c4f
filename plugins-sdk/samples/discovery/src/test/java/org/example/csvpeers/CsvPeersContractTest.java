package org.example.csvpeers;

import io.weft.discovery.DiscoverySource;
import io.weft.testkit.DiscoverySourceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** What every discovery source keeps to. */
class CsvPeersContractTest extends DiscoverySourceContract {

  @TempDir
  Path home;

  @Override
  protected DiscoverySource open() throws Exception {
    return new CsvPeers(Files.writeString(home.resolve("peers.csv"), "b,192.0.2.7:7450"), Duration.ofSeconds(2), time);
  }
}
