package io.weft.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.HealthStatus;
import io.weft.store.StoreUnavailable;
import io.weft.testkit.Await;
import io.weft.testkit.PoolerProcess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A pooler that shares connections lets two clients hold one lock; the store does not work through one. */
class PoolerTest {

  private static final String PASSWORD = "a good password";

  @Test
  void aPoolerIsFoundOutAndRefused() throws Exception {
    try (StoreRig rig = new StoreRig()) {
      rig.secrets().put("secret:file/db", PASSWORD);
      PostgresStore direct = rig.open(Map.of("password", "secret:file/db"));
      String address = direct.listeners().get(0).address();
      try (PoolerProcess pooler = new PoolerProcess(Integer.parseInt(address.substring(address.indexOf(':') + 1)), "weft", PASSWORD)) {
        PostgresStore through = rig.begin(Map.of("url", "jdbc:postgresql://127.0.0.1:" + pooler.port() + "/weft?prepareThreshold=0",
            "user", "weft", "password", "secret:file/db"));
        assertThatThrownBy(() -> through.dedicated("lock")).isInstanceOf(StoreUnavailable.class).hasMessage(SelfTest.POOLED);
        Await.until("health to say so", StoreRig.SOON, () -> through.check().stream().anyMatch(
            r -> r.status() == HealthStatus.critical && r.message().equals(SelfTest.POOLED)));
        through.close();
      }
    }
  }

  @Test
  void aPoolerThatOthersKeepBusyIsFoundOutToo() throws Exception {
    try (StoreRig rig = new StoreRig()) {
      rig.secrets().put("secret:file/db", PASSWORD);
      String address = rig.open(Map.of("password", "secret:file/db")).listeners().get(0).address();
      try (PoolerProcess pooler = new PoolerProcess(Integer.parseInt(address.substring(address.indexOf(':') + 1)), "weft", PASSWORD);
          Busy busy = new Busy(pooler.port())) {
        for (int i = 0; i < 50; i++) {
          try (Connection line = through(pooler.port()); Connection other = through(pooler.port())) {
            assertThat(SelfTest.isPooled(line, other)).as("attempt %s beside %s transactions of others", i, busy.done.get()).isTrue();
          }
        }
        assertThat(busy.done.get()).isGreaterThan(50);
      }
    }
  }

  private static Connection through(int port) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/weft?prepareThreshold=0", "weft", PASSWORD);
  }

  /** Clients of the pooler that begin and end transactions all the time. */
  private static final class Busy implements AutoCloseable {

    final AtomicInteger done = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean closed;

    Busy(int port) {
      for (int i = 0; i < 3; i++) {
        running.add(threads.submit(() -> {
          try (Connection connection = through(port); Statement statement = connection.createStatement()) {
            while (!closed) {
              statement.execute("SELECT 1");
              done.incrementAndGet();
            }
          }
          return null;
        }));
      }
    }

    @Override
    public void close() throws Exception {
      closed = true;
      for (Future<?> one : running) {
        one.get(60, TimeUnit.SECONDS);
      }
      threads.shutdown();
    }
  }
}
