package io.weft.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.store.postgres.migrate.StoreMigrationsTest;
import io.weft.testkit.Await;
import io.weft.testkit.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The same on the PostgreSQL of the machine, which is of another version: what a node runs that has no bundle with programs. */
class InstalledPostgresTest {

  @Test
  void itIsRunAndMigrated() throws Exception {
    if (!Files.isDirectory(Path.of("/usr/lib/postgresql"))) {
      ServerProcess.missing("PostgreSQL in /usr/lib/postgresql");
    }
    try (StoreRig rig = new StoreRig(Optional.empty())) {
      PostgresStore store = rig.open(Map.of());
      assertThat(store.info().serverVersion()).isNotEqualTo("18.6");
      assertThat(store.check()).noneMatch(r -> r.status() != io.weft.node.HealthStatus.ok);
      StoreMigrationsTest.wayUpAndDown(store, rig.time());
    }
    Await.until("all threads to be gone", StoreRig.SOON, () -> Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().startsWith("weft-store.postgres")));
  }
}
