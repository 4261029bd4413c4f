package io.weft.node.core.doctor;

import io.weft.node.Examination;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Listener;
import io.weft.node.ListenerSource;
import io.weft.support.Foreign;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** What can be reached from other machines, and whether it is of a kind that asks who comes. */
@Component(name = "weft.node.doctor.listeners", service = Examination.class)
public final class ListenersExamination implements Examination {

  private static final String NAME = "listeners";

  /** These let nobody in without proof of who it is. */
  private static final Set<String> GUARDED = Set.of("transport", "signaling", "relay", "stun", "turn");

  @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
  volatile List<ListenerSource> sources = List.of();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public CompletableFuture<List<HealthResult>> examine() {
    List<Listener> open = Foreign.<ListenerSource, Listener>all(sources, ListenerSource::listeners).stream().distinct()
        .filter(ListenersExamination::isReachable).toList();
    List<Listener> guarded = open.stream().filter(listener -> GUARDED.contains(listener.role())).toList();
    List<HealthResult> results = open.stream().filter(listener -> !guarded.contains(listener))
        .map(listener -> new HealthResult(NAME, HealthKind.posture, HealthStatus.warn, text(listener)
            + " is open to the network and asks nobody who he is; listen on 127.0.0.1 unless that is meant"))
        .collect(Collectors.toList());
    results.add(new HealthResult(NAME, HealthKind.posture, HealthStatus.ok, guarded.isEmpty()
        ? "nothing that members use is open to the network, so this node only dials"
        : "open to the network, to those who prove who they are: "
            + guarded.stream().map(ListenersExamination::text).collect(Collectors.joining(", "))));
    return CompletableFuture.completedFuture(results);
  }

  private static String text(Listener listener) {
    return listener.address() + " (" + listener.protocol() + ", " + listener.role() + ")";
  }

  private static boolean isReachable(Listener listener) {
    String address = listener.address();
    return !listener.protocol().equals("unix") && !address.startsWith("127.") && !address.startsWith("[::1]")
        && !address.startsWith("localhost:");
  }
}
