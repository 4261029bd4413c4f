package io.weft.signaling.server;

import io.weft.directory.PeerDirectory;
import io.weft.node.Clock;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Listener;
import io.weft.node.ListenerSource;
import io.weft.node.Node;
import io.weft.node.NodeIdentity;
import io.weft.node.Timers;
import io.weft.secret.SecretReference;
import io.weft.secret.Secrets;
import io.weft.signaling.BrokerStatus;
import io.weft.signaling.SignalBroker;
import io.weft.support.HostPort;
import io.weft.support.signal.Counters;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** The broker as the operator configured it. */
@Component(
    name = "weft.signaling.server",
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {SignalBroker.class, HealthCheck.class, ListenerSource.class},
    immediate = true)
@Designate(ocd = ServerConfig.class)
public final class SignalingServer implements SignalBroker, HealthCheck, ListenerSource {

  private static final String NAME = "broker";

  private final Counters counters = new Counters();
  private final HttpBroker broker;
  private final boolean beyondLoopback;
  private final boolean tls;

  @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  private volatile @Nullable PeerDirectory directory;

  @Activate
  public SignalingServer(
      ServerConfig config,
      @Reference Node node,
      @Reference NodeIdentity identity,
      @Reference Secrets secrets,
      @Reference Clock clock,
      @Reference Timers timers) {
    InetSocketAddress listen = HostPort.parse(config.listen()).socketAddress()
        .orElseThrow(() -> new IllegalArgumentException("signaling.server.listen needs an IP address, not a name"));
    Set<HostPort> hosts = Stream.of(config.hosts()).map(HostPort::parse).collect(Collectors.toSet());
    Membership membership = new Membership(identity, peersOnly(config.members()), () -> directory);
    this.tls = !config.tls_certificate().isEmpty();
    this.beyondLoopback = !listen.getAddress().isLoopbackAddress();
    this.broker = new HttpBroker(new HttpBroker.Setup(
        listen, hosts, Limits.of(config), membership, node.fabric(), tls(config, node, secrets), clock, timers, counters));
  }

  private static boolean peersOnly(String members) {
    return switch (members) {
      case "fabric" -> false;
      case "peers" -> true;
      default -> throw new IllegalArgumentException("signaling.server.members is fabric or peers");
    };
  }

  private static Tls tls(ServerConfig config, Node node, Secrets secrets) {
    if (config.tls_certificate().isEmpty() != config.tls_key().isEmpty()) {
      throw new IllegalArgumentException("signaling.server needs both tls.certificate and tls.key for HTTPS, or neither");
    }
    return config.tls_certificate().isEmpty()
        ? new Tls(null, null, secrets)
        : new Tls(node.home().resolve(config.tls_certificate()), SecretReference.parse(config.tls_key()), secrets);
  }

  @Deactivate
  void close() {
    broker.close();
  }

  @Override
  public BrokerStatus status() {
    HttpBroker.Load load = broker.load();
    return new BrokerStatus(broker.address().map(HttpBroker::text).orElse(""), tls, load.mailboxes(), load.messages(), load.bytes(),
        load.connections(), counters.snapshot(), broker.problem());
  }

  @Override
  public List<Listener> listeners() {
    return broker.address().map(address -> new Listener(HttpBroker.text(address), "tcp", "signaling")).stream().toList();
  }

  @Override
  public List<HealthResult> check() {
    List<HealthResult> results = new ArrayList<>();
    Optional<InetSocketAddress> address = broker.address();
    results.add(address.isPresent()
        ? new HealthResult(NAME, HealthKind.readiness, HealthStatus.ok,
            "listens on " + HttpBroker.text(address.get()) + ": " + broker.load().mailboxes() + " mailboxes, " + broker.load().messages()
                + " messages wait")
        : new HealthResult(NAME, HealthKind.readiness, HealthStatus.critical, broker.problem()));
    if (beyondLoopback && !tls) {
      results.add(new HealthResult(NAME, HealthKind.posture, HealthStatus.ok,
          "plain HTTP beyond loopback: messages and requests are signed, so nobody can forge them, but the network sees who looks for"
              + " whom at which addresses; set signaling.server.tls.certificate and tls.key to hide that"));
    }
    return results;
  }
}
