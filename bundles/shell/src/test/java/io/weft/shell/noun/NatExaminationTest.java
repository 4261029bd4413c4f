package io.weft.shell.noun;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Reason;
import io.weft.path.NatKind;
import io.weft.path.NatReport;
import io.weft.path.PathReport;
import io.weft.path.PathReports;
import io.weft.path.RelayUse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class NatExaminationTest {

  private record Said(NatReport report, List<RelayUse> uses) implements PathReports {

    @Override
    public Optional<PathReport> report(String peer) {
      return Optional.empty();
    }

    @Override
    public CompletableFuture<NatReport> nat() {
      return CompletableFuture.completedFuture(report);
    }

    @Override
    public List<RelayUse> relays() {
      return uses;
    }

    @Override
    public CompletableFuture<List<RelayUse>> askRelays() {
      return CompletableFuture.completedFuture(uses);
    }

    @Override
    public Map<String, Long> counters() {
      return Map.of();
    }
  }

  private static List<HealthResult> examine(NatKind kind, List<String> mapped, List<String> servers, RelayUse... uses) {
    NatExamination examination = new NatExamination();
    examination.reports = new Said(new NatReport(kind, mapped, servers), List.of(uses));
    return examination.examine().join();
  }

  private static HealthStatus worst(List<HealthResult> results) {
    return HealthCommands.worst(results);
  }

  @Test
  void saysWhatToDo() {
    assertThat(worst(examine(NatKind.none, List.of("192.0.2.1:7450"), List.of("stun a: ok")))).isEqualTo(HealthStatus.ok);
    assertThat(worst(examine(NatKind.endpoint_independent, List.of("192.0.2.1:7450"), List.of("stun a: ok")))).isEqualTo(HealthStatus.ok);
    assertThat(worst(examine(NatKind.address_dependent, List.of("x", "y"), List.of("stun a: ok")))).isEqualTo(HealthStatus.warn);
    assertThat(examine(NatKind.blocked, List.of(), List.of("stun a: no answer"))).singleElement()
        .matches(r -> r.status() == HealthStatus.critical).matches(r -> r.message().contains("transport=tcp"));
    assertThat(worst(examine(NatKind.unknown, List.of(), List.of("stun a: no answer")))).isEqualTo(HealthStatus.unknown);
    assertThat(examine(NatKind.unknown, List.of(), List.of())).singleElement().matches(r -> r.status() == HealthStatus.warn);
  }

  @Test
  void saysNothingWhileNobodyFindsPaths() {
    assertThat(new NatExamination().examine().join()).isEmpty();
  }

  @Test
  void aRelayThatRefusesIsCritical() {
    RelayUse good = new RelayUse("turn:192.0.2.1:3478", "config", "192.0.2.1:50000", 1, 0, 0, null, null);
    RelayUse bad = new RelayUse("turn:192.0.2.2:3478", "config", "", 0, 0, 0, null, Reason.of("turn_refused", "401"));
    List<HealthResult> results = examine(NatKind.none, List.of("x"), List.of("ok"), good, bad);
    assertThat(results).filteredOn(r -> r.name().equals("relay")).extracting(HealthResult::status)
        .containsExactly(HealthStatus.ok, HealthStatus.critical);
  }

  @Test
  void clocksThatDifferAreNamed() {
    RelayUse skewed = new RelayUse("turn:192.0.2.2:3478", "config", "", 0, 0, 0, null, Reason.of("clock_skew", "its clock is 5h ahead of ours"));
    RelayUse silent = new RelayUse("turn:192.0.2.3:3478", "config", "", 0, 0, 0, null, null);
    List<HealthResult> results = examine(NatKind.none, List.of("x"), List.of("ok"), skewed, silent);
    assertThat(results).filteredOn(r -> r.name().equals("relay")).extracting(HealthResult::message)
        .anyMatch(m -> m.contains("5h ahead of ours") && m.contains("NTP")).anyMatch(m -> m.contains("did not answer"));
    assertThat(worst(results)).isEqualTo(HealthStatus.critical);
  }
}
