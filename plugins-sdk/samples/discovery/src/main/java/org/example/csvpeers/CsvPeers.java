package org.example.csvpeers;

import io.weft.discovery.DiscoverySource;
import io.weft.discovery.Observation;
import io.weft.discovery.Observer;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Node;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Sees the peers that are in a CSV file, which is read again and again while somebody wants to know. */
@Component(name = "csv-peers", service = {DiscoverySource.class, HealthCheck.class})
@Designate(ocd = CsvPeersConfig.class)
public final class CsvPeers implements DiscoverySource, HealthCheck {

  private static final int BYTES_MAX = 256 * 1024;

  private final Path file;
  private final Duration interval;
  private final Timers timers;
  private volatile List<String> problems = List.of();
  // Guarded by this. Observers are told with the lock held, so that nothing is told after a registration was closed.
  private final Map<Object, Observer> observers = new LinkedHashMap<>();
  private Map<String, Observation> seen = Map.of();
  private Registration timer = () -> {};

  @Activate
  public CsvPeers(CsvPeersConfig config, @Reference Node node, @Reference Timers timers) {
    this(node.home().resolve(config.file()), Duration.ofMillis(config.interval_ms()), timers);
  }

  CsvPeers(Path file, Duration interval, Timers timers) {
    this.file = file;
    this.interval = interval;
    this.timers = timers;
  }

  @Override
  public String name() {
    return "csv-peers";
  }

  @Override
  public synchronized Registration watch(Observer observer) {
    Object key = new Object();
    if (observers.isEmpty()) {
      look();
    }
    observers.put(key, observer);
    seen.values().forEach(observer::found);
    return () -> leave(key);
  }

  private synchronized void leave(Object key) {
    if (observers.remove(key) != null && observers.isEmpty()) {
      timer.close();
    }
  }

  private synchronized void lookAgain() {
    if (!observers.isEmpty()) {
      look();
    }
  }

  /** With the lock. A file of this size is read in no time. */
  private void look() {
    timer = timers.after(jittered(), Runnable::run, this::lookAgain);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        problems = List.of("it has more than " + BYTES_MAX + " bytes; what was read before counts");
        return;
      }
      PeerTable table = PeerTable.parse(new String(bytes, StandardCharsets.UTF_8));
      problems = table.problems();
      tell(table.peers());
    } catch (IOException e) { // also while an editor replaces it: what was seen stays
      problems = List.of("it cannot be read (" + e.getClass().getSimpleName() + "); make it, or correct csv-peers.file");
    }
  }

  private void tell(Map<String, Observation> now) {
    Map<String, Observation> before = seen;
    seen = now;
    for (Observer observer : observers.values()) {
      before.keySet().stream().filter(peer -> !now.containsKey(peer)).forEach(observer::lost);
      now.values().stream().filter(peer -> !peer.equals(before.get(peer.peer()))).forEach(observer::found);
    }
  }

  /** Up to a tenth more, so that nodes that started together do not look together. */
  private Duration jittered() {
    return interval.plusNanos(ThreadLocalRandom.current().nextLong(interval.toNanos() / 10 + 1));
  }

  @Override
  public List<HealthResult> check() {
    List<String> now = problems;
    return now.isEmpty() ? List.of() : List.of(new HealthResult(
        "csv-peers", HealthKind.readiness, HealthStatus.warn, file.getFileName() + ": " + String.join("; ", now)));
  }
}
