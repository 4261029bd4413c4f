package io.weft.path.ice;

import io.weft.directory.Peer;
import io.weft.directory.PeerDirectory;
import io.weft.link.PeerLabels;
import io.weft.node.Clock;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Node;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.node.Timers;
import io.weft.path.Candidate;
import io.weft.path.DatagramPort;
import io.weft.path.NatReport;
import io.weft.path.Path;
import io.weft.path.PathReport;
import io.weft.path.PathReports;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import io.weft.path.RelayUse;
import io.weft.path.ice.agent.AgentChecker;
import io.weft.secret.Secrets;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalReceiver;
import io.weft.signaling.Signaling;
import io.weft.transport.Io;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Paths by ICE: through NATs where physics allows it, through relays otherwise. Costs nothing until there is somebody to exchange notes
 * with.
 */
@Component(name = "weft.path.ice", service = {PathSource.class, SignalReceiver.class, PathReports.class, HealthCheck.class},
    property = "service.ranking:Integer=100")
@Designate(ocd = IceConfig.class)
public final class IcePaths implements PathSource, SignalReceiver, PathReports, HealthCheck, IceRuntime.Around {

  private final Workers workers = new Workers();
  private final AgentChecker checker;
  private final IceRuntime runtime;
  private final Late<Signaling> signaling;
  private final Late<PeerLabels> labels;
  private volatile IceConfig config;

  @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile @Nullable PeerDirectory directory;

  @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY, cardinality = ReferenceCardinality.OPTIONAL)
  private volatile @Nullable Secrets secrets;

  @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
  private volatile List<ConfiguredServer> servers = List.of();

  @Activate
  public IcePaths(
      IceConfig config, @Reference DatagramPort port, @Reference Io io, @Reference Clock clock, @Reference Timers timers,
      @Reference Node node, @Reference NodeIdentity identity, BundleContext context) {
    this.config = config;
    this.signaling = new Late<>(context);
    this.labels = new Late<>(context);
    this.checker = new AgentChecker(timers, workers);
    this.runtime =
        new IceRuntime(
            new IceRuntime.Parts(port, io, clock, timers, node, identity.self(), workers, checker, new SecureRandom()), this);
  }

  @Reference(service = Signaling.class, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  void setSignaling(ServiceReference<Signaling> found) {
    signaling.set(found);
    runtime.prepare();
  }

  void unsetSignaling(ServiceReference<Signaling> gone) {
    signaling.unset(gone);
  }

  @Reference(service = PeerLabels.class, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  void setLabels(ServiceReference<PeerLabels> found) {
    labels.set(found);
  }

  void unsetLabels(ServiceReference<PeerLabels> gone) {
    labels.unset(gone);
  }

  @Modified
  void modified(IceConfig next) {
    config = next;
  }

  @Deactivate
  void close() {
    runtime.close();
    checker.close();
    workers.close();
  }

  @Override
  public String name() {
    return "ice";
  }

  /** Without somebody to exchange notes with no address is of use here, and it is the plain source's. */
  @Override
  public boolean understands(Candidate candidate) {
    Signaling now = signaling.get();
    return candidate.network().equals(Candidate.UDP) && now != null && !now.brokers().isEmpty();
  }

  @Override
  public boolean reaches(PeerIdentity peer) {
    Signaling now = signaling.get();
    return now != null && now.reaches(peer);
  }

  @Override
  public CompletableFuture<Path> find(PathRequest request) {
    return runtime.find(request);
  }

  @Override
  public void received(PeerIdentity from, Signal signal, String via) {
    PeerDirectory known = directory;
    Optional<Peer> peer = known == null ? Optional.empty() : known.peer(from.name());
    if (peer.isEmpty() || !peer.get().identity().equals(from)) {
      runtime.stranger();
    } else {
      runtime.received(from, signal);
    }
  }

  @Override
  public Optional<PathReport> report(String peer) {
    return runtime.report(peer);
  }

  @Override
  public CompletableFuture<NatReport> nat() {
    return runtime.nat();
  }

  @Override
  public List<RelayUse> relays() {
    return runtime.relays();
  }

  @Override
  public CompletableFuture<List<RelayUse>> askRelays() {
    return runtime.askRelays();
  }

  @Override
  public Map<String, Long> counters() {
    return runtime.counters().all();
  }

  // IceRuntime.Around.

  @Override
  public IceConfig config() {
    return config;
  }

  @Override
  public @Nullable Signaling signaling() {
    return signaling.get();
  }

  @Override
  public List<ConfiguredServer> servers() {
    return servers;
  }

  @Override
  public @Nullable Secrets secrets() {
    return secrets;
  }

  @Override
  public List<Peer> peers() {
    PeerDirectory known = directory;
    return known == null ? List.of() : known.peers();
  }

  @Override
  public Map<String, Map<String, String>> said() {
    PeerLabels now = labels.get();
    return now == null ? Map.of() : now.labels();
  }

  @Override
  public List<HealthResult> check() {
    if (!config.allow_loopback()) {
      return List.of();
    }
    return List.of(
        new HealthResult("path.ice", HealthKind.posture, HealthStatus.critical,
            "path.ice.allow.loopback lets peers make this node send packets to services of this machine; remove it outside of tests"));
  }
}
