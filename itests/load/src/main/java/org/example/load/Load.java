package org.example.load;

import io.weft.dcs.Dcs;
import io.weft.dcs.ReadMode;
import io.weft.node.Node;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Keeps a pace that does not depend on how fast the store is: a write that is due while the one before it is under way is left out, and
 * all keys together have the pace that is asked for as long as the store answers.
 */
@Component(name = "load", configurationPolicy = ConfigurationPolicy.REQUIRE, service = {})
@Designate(ocd = LoadConfig.class)
public final class Load {

  private final Dcs dcs;
  private final Timers timers;
  private final Record record;
  private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "weft-load"));
  private final List<Chain> chains = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final AtomicBoolean reading = new AtomicBoolean();
  private volatile Registration writes = () -> {};
  private volatile Registration reads = () -> {};
  private volatile boolean closed;
  private int turn;

  /** @throws IOException if there can be no record */
  @Activate
  public Load(LoadConfig config, @Reference Dcs dcs, @Reference Node node, @Reference Timers timers) throws IOException {
    this.dcs = dcs;
    this.timers = timers;
    this.record = new Record(Path.of(config.record()));
    for (int i = 0; i < config.keys(); i++) {
      chains.add(new Chain(key(node.name(), i), dcs, record));
      for (String each : config.nodes()) {
        keys.add(key(each, i));
      }
    }
    // The keys take turns, so that there is always one to be written soon.
    writeLater(Duration.ofMillis(config.write_every_ms()).dividedBy(config.keys()), 0);
    readLater(Duration.ofMillis(config.read_every_ms()));
  }

  private static String key(String node, int number) {
    return "load/" + node + "/" + number;
  }

  private void writeLater(Duration apart, int next) {
    writes = timers.after(apart, executor, () -> {
      if (!closed) {
        writeLater(apart, (next + 1) % chains.size());
        chains.get(next).next();
      }
    });
  }

  private void readLater(Duration apart) {
    reads = timers.after(apart, executor, () -> {
      if (!closed) {
        readLater(apart);
        read();
      }
    });
  }

  private void read() {
    if (!reading.compareAndSet(false, true)) {
      return;
    }
    String key = keys.get(turn++ % keys.size());
    long asked = System.nanoTime();
    dcs.get(key, ReadMode.LINEARIZABLE).whenComplete((entry, failure) -> {
      if (failure == null) {
        record.read(key, Chain.number(entry), asked);
      }
      reading.set(false);
    });
  }

  @Deactivate
  void close() throws IOException {
    closed = true;
    writes.close();
    reads.close();
    executor.shutdown();
    record.close();
  }
}
