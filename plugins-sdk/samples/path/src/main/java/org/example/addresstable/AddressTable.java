package org.example.addresstable;

import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Reason;
import io.weft.path.Candidate;
import io.weft.path.NoPath;
import io.weft.path.Path;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import io.weft.support.HostPort;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Leads to another address than the one that is known of a peer: through a tunnel, a port that a router forwards, a faster network.
 * The ranking makes the mesh ask here before it takes the address as it is.
 */
@Component(name = "address-table", service = {PathSource.class, HealthCheck.class}, property = "service.ranking:Integer=10")
@Designate(ocd = AddressTableConfig.class)
public final class AddressTable implements PathSource, HealthCheck {

  private static final int ENTRIES_MAX = 256;

  private final Map<HostPort, InetSocketAddress> used = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  @Activate
  public AddressTable(AddressTableConfig config) {
    for (String entry : config.addresses()) {
      try {
        add(entry);
      } catch (IllegalArgumentException e) {
        problems.add(e.getMessage());
      }
    }
  }

  private void add(String entry) {
    int equals = entry.indexOf('=');
    if (equals < 0 || used.size() == ENTRIES_MAX) {
      throw new IllegalArgumentException("expected at most " + ENTRIES_MAX + " entries such as 203.0.113.7:7450=10.8.0.2:7450");
    }
    HostPort known = HostPort.parse(entry.substring(0, equals));
    HostPort to = HostPort.parse(entry.substring(equals + 1));
    used.put(known, to.socketAddress()
        .orElseThrow(() -> new IllegalArgumentException(to + " is a name where an IP address is needed")));
  }

  @Override
  public String name() {
    return "address-table";
  }

  @Override
  public boolean understands(Candidate candidate) {
    return candidate.network().equals(Candidate.UDP) && used.containsKey(address(candidate));
  }

  /** Each attempt takes the next address in turn; whether it leads anywhere, the handshake shows. */
  @Override
  public CompletableFuture<Path> find(PathRequest request) {
    List<Candidate> known = request.candidates().stream().filter(this::understands).toList();
    if (known.isEmpty()) {
      return CompletableFuture.failedFuture(
          new NoPath(Reason.of("no_candidates", "no address of " + request.peer().name() + " is in the table")));
    }
    Candidate next = known.get((int) Math.floorMod(request.attempt(), (long) known.size()));
    return CompletableFuture.completedFuture(new FixedPath(used.get(address(next)), next.kind()));
  }

  private static HostPort address(Candidate candidate) {
    return new HostPort(candidate.host(), candidate.port());
  }

  @Override
  public List<HealthResult> check() {
    return problems.isEmpty() ? List.of() : List.of(new HealthResult("address-table", HealthKind.readiness, HealthStatus.warn,
        "address-table.addresses: " + String.join("; ", problems)));
  }
}
