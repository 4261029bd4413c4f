package io.weft.discovery.basic;

import io.weft.discovery.DiscoverySource;
import io.weft.discovery.Observation;
import io.weft.discovery.Observer;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Names;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.path.Candidate;
import io.weft.support.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A peer whose addresses a name server knows. Asks only while somebody watches. Until the first answer it says that the peer exists;
 * when answers stop, the last one stays.
 */
@Component(
    name = "weft.discovery.basic.dns",
    service = {DiscoverySource.class, HealthCheck.class},
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DnsConfig.class, factory = true)
public final class DnsPeer implements DiscoverySource, HealthCheck {

  private static final Logger log = LoggerFactory.getLogger(DnsPeer.class);

  private final String peer;
  private final Duration interval;
  private final Timers timers;
  private final LookupThreads threads;
  private final Map<String, String> labels;
  private final List<String> problems;
  private final @Nullable Lookup lookup;
  private final Broadcast broadcast;
  private volatile String failure = "";
  private @Nullable Polling polling; // guarded by the lock of the broadcast, which calls arrived and left

  @Activate
  public DnsPeer(DnsConfig config, @Reference Timers timers, @Reference LookupThreads threads) {
    this.peer = config.peer();
    this.interval = Duration.ofMillis(Math.max(100, config.interval_ms()));
    this.timers = timers;
    this.threads = threads;
    List<String> wrong = new ArrayList<>();
    this.labels = Labels.read(config.labels(), config.vip(), wrong);
    this.lookup = lookup(config, wrong);
    this.problems = List.copyOf(wrong);
    this.broadcast = new Broadcast(Names.isValid(peer) ? seen(List.of()) : null, this::arrived, this::left);
    problems.forEach(p -> log.warn("configuration entry ignored in part entry=\"{}\" problem=\"{}\"", entry(), p));
  }

  @Deactivate
  void close() {
    synchronized (broadcast) {
      left();
    }
  }

  @Override
  public String name() {
    return "dns";
  }

  @Override
  public Registration watch(Observer observer) {
    return broadcast.watch(observer);
  }

  @Override
  public List<HealthResult> check() {
    List<String> lines = new ArrayList<>(problems);
    String last = failure;
    if (!last.isEmpty()) {
      lines.add(last + "; what was known before is kept");
    }
    if (lines.isEmpty()) {
      return List.of();
    }
    return List.of(new HealthResult(entry(), HealthKind.readiness, HealthStatus.warn, String.join("; ", lines)));
  }

  private void arrived() {
    if (lookup != null) {
      polling = new Polling(peer, lookup, interval, timers, threads, this::found, this::failed);
      polling.start();
    }
  }

  private void left() {
    if (polling != null) {
      polling.stop();
      polling = null;
    }
  }

  private void found(List<Candidate> candidates) {
    if (!failure.isEmpty()) {
      failure = "";
      log.info("dns answers again peer={} name={}", peer, lookup);
    }
    broadcast.tell(seen(candidates));
  }

  private void failed(String problem) {
    if (failure.isEmpty()) {
      log.warn("dns failed peer={} name={} problem=\"{}\"", peer, lookup, problem);
    }
    failure = problem;
  }

  private Observation seen(List<Candidate> candidates) {
    return new Observation(peer, candidates, labels, Duration.ZERO);
  }

  private String entry() {
    return "discovery.basic.dns " + (Names.isValid(peer) ? peer : "(no peer)");
  }

  private static @Nullable Lookup lookup(DnsConfig config, List<String> wrong) {
    int before = wrong.size();
    HostPort server = null;
    if (!Names.isValid(config.peer())) {
      wrong.add("peer: expected the name of the peer, 1 to 63 of a-z, 0-9 and '-', with no '-' at either end");
    }
    if (config.host().isEmpty() == config.srv().isEmpty()) {
      wrong.add("expected either host (and port) or srv");
    } else if (!NameServer.isName(config.host() + config.srv())) {
      wrong.add((config.host().isEmpty() ? "srv '" : "host '") + printable(config.host() + config.srv()) + "' is not a DNS name");
    }
    if (config.port() < 1 || config.port() > 65_535) {
      wrong.add("port " + config.port() + ": expected 1 to 65535");
    }
    if (!config.server().isEmpty()) {
      try {
        server = HostPort.parse(config.server());
        if (!server.isLiteral()) {
          wrong.add("server " + server + " is a name: a name server is given by its IP address");
        }
      } catch (IllegalArgumentException e) {
        wrong.add("server " + e.getMessage());
      }
    }
    if (wrong.size() > before) {
      return null;
    }
    NameServer asked = new NameServer(server, Math.min(10_000, Math.max(100, config.timeout_ms())));
    Addresses addresses = server == null ? Addresses.ofTheSystem() : asked;
    return config.srv().isEmpty()
        ? new HostLookup(config.host(), config.port(), addresses)
        : new SrvLookup(config.srv(), asked, addresses);
  }

  private static String printable(String text) {
    return (text.length() > 80 ? text.substring(0, 80) + "..." : text).replaceAll("\\p{Cntrl}", "?");
  }
}
