package io.weft.shell.noun;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.weft.node.Examination;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Reason;
import io.weft.path.NatKind;
import io.weft.path.NatReport;
import io.weft.path.PathReports;
import io.weft.path.RelayUse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** How this node reaches the world: UDP, the NAT in front of it, its relays. Says nothing while nobody finds paths. */
@Component(name = "weft.shell.nat", service = Examination.class)
public final class NatExamination implements Examination {

  private static final String NAT = "nat";
  private static final String UDP = "udp";
  private static final String RELAY = "relay";

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  volatile @Nullable PathReports reports;

  @Override
  public String name() {
    return NAT;
  }

  @Override
  public CompletableFuture<List<HealthResult>> examine() {
    PathReports now = reports;
    if (now == null) {
      return CompletableFuture.completedFuture(List.of());
    }
    return now.nat().thenCombine(now.askRelays(), (nat, relays) -> {
      List<HealthResult> results = new ArrayList<>(judge(nat));
      relays.forEach(relay -> results.add(judge(relay)));
      return results;
    });
  }

  private static List<HealthResult> judge(NatReport nat) {
    if (nat.servers().isEmpty()) {
      return List.of(result(NAT, HealthStatus.warn,
          "no server can say how this node is seen from outside; add {url: \"stun:HOST:PORT\"}, or a relay, to relays"));
    }
    List<HealthResult> results = new ArrayList<>();
    String servers = String.join("; ", nat.servers());
    results.add(nat.kind() == NatKind.blocked
        ? result(UDP, HealthStatus.critical, "no UDP answer comes back (" + servers + "); let UDP out in the firewall, or add a relay over"
            + " TCP to relays: turn:HOST:PORT?transport=tcp")
        : nat.mapped().isEmpty()
            ? result(UDP, HealthStatus.unknown, "no server answered (" + servers + "); see that one in relays runs")
            : result(UDP, HealthStatus.ok, "UDP goes out and comes back (" + servers + ")"));
    kind(nat, results);
    return results;
  }

  private static void kind(NatReport nat, List<HealthResult> results) {
    String seen = String.join(", ", nat.mapped());
    switch (nat.kind()) {
      case none -> results.add(result(NAT, HealthStatus.ok, "no NAT: seen as " + seen));
      case endpoint_independent -> results.add(result(NAT, HealthStatus.ok, "a NAT that peers get through: seen as " + seen));
      case address_dependent -> results.add(result(NAT, HealthStatus.warn, "a symmetric NAT, seen as " + seen
          + ": direct only to peers whose NAT is not; let it keep one port per socket, forward a port to this node, or have a relay"));
      case unknown -> results.add(result(NAT, HealthStatus.unknown,
          "the kind of NAT is not known, for which two servers at different addresses are needed; add another to relays"));
      case blocked -> { } // said already
    }
  }

  private static HealthResult judge(RelayUse relay) {
    Reason problem = relay.problem();
    if (problem != null) {
      return result(RELAY, HealthStatus.critical, relay.url() + ": " + problem + "; " + advice(problem.code()));
    }
    return relay.relayed().isEmpty()
        ? result(RELAY, HealthStatus.unknown, relay.url() + ": did not answer in time; try again")
        : result(RELAY, HealthStatus.ok, relay.url() + ": takes the credentials of this node, lends " + relay.relayed());
  }

  private static String advice(String code) {
    return switch (code) {
      case "clock_skew" -> "let both machines set their clocks by NTP";
      case "unauthorized" -> "see that its secret is that of relays here, and that both clocks are right";
      case "unreachable" -> "see that it runs, and that its port is open from here";
      case "config" -> "correct it in weft.yaml";
      default -> "see 'weft relay status' there, and that secret and clock are right";
    };
  }

  private static HealthResult result(String name, HealthStatus status, String message) {
    return new HealthResult(name, HealthKind.readiness, status, message);
  }
}
