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
import io.weft.path.Candidate;
import io.weft.path.PathRequest;
import io.weft.support.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A peer that is written down in the configuration. It does not change while it lives: an edited entry is a new one. */
@Component(
    name = "weft.discovery.basic.static",
    service = {DiscoverySource.class, HealthCheck.class},
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = StaticConfig.class, factory = true)
public final class StaticPeer implements DiscoverySource, HealthCheck {

  private static final Logger log = LoggerFactory.getLogger(StaticPeer.class);

  private final String entry;
  private final Optional<Observation> observation;
  private final List<String> problems;

  @Activate
  public StaticPeer(StaticConfig config) {
    this(config.name(), config.addresses(), config.vip(), config.labels());
  }

  StaticPeer(String name, String[] addresses, int vip, String[] labels) {
    List<String> wrong = new ArrayList<>();
    List<Candidate> candidates = candidates(addresses, wrong);
    Map<String, String> read = Labels.read(labels, vip, wrong);
    if (Names.isValid(name)) {
      entry = "peers " + name;
      observation = Optional.of(new Observation(name, candidates, read, Duration.ZERO));
    } else {
      entry = "peers";
      observation = Optional.empty();
      wrong.add(0, "name '" + name.replaceAll("\\p{Cntrl}", "?") + "': expected 1 to 63 of a-z, 0-9 and '-', with no '-' at either end");
    }
    problems = List.copyOf(wrong);
    problems.forEach(p -> log.warn("configuration entry ignored in part entry=\"{}\" problem=\"{}\"", entry, p));
  }

  @Override
  public String name() {
    return "static";
  }

  @Override
  public Registration watch(Observer observer) {
    observation.ifPresent(observer::found);
    return () -> {};
  }

  @Override
  public List<HealthResult> check() {
    if (problems.isEmpty()) {
      return List.of();
    }
    return List.of(new HealthResult(entry, HealthKind.readiness, HealthStatus.warn, String.join("; ", problems)));
  }

  private static List<Candidate> candidates(String[] addresses, List<String> wrong) {
    List<Candidate> candidates = new ArrayList<>();
    for (String address : addresses) {
      try {
        HostPort parsed = HostPort.parse(address);
        if (!parsed.isLiteral()) {
          wrong.add("address " + parsed + " is a name: write its IP address, or use an entry of discovery.basic.dns with host and port");
        } else if (candidates.size() == PathRequest.CANDIDATES_MAX) {
          wrong.add("more than " + PathRequest.CANDIDATES_MAX + " addresses; the rest is ignored");
          break;
        } else {
          candidates.add(Candidate.udp(parsed.host(), parsed.port()));
        }
      } catch (IllegalArgumentException e) {
        wrong.add("address " + e.getMessage());
      }
    }
    return candidates;
  }
}
