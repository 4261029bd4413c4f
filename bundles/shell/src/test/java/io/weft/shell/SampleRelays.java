package io.weft.shell;

import io.weft.node.Reason;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.NatKind;
import io.weft.path.NatReport;
import io.weft.path.PairReport;
import io.weft.path.PathInfo;
import io.weft.path.PathReport;
import io.weft.path.PathReports;
import io.weft.path.PathType;
import io.weft.path.RelayUse;
import io.weft.relay.RelayAllocation;
import io.weft.relay.RelayServer;
import io.weft.relay.RelayStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Two relays that the sample node may use, one of which refuses it, and what it carries for another itself. */
final class SampleRelays implements PathReports, RelayServer {

  private static final Instant THEN = Instant.parse("2026-01-01T01:00:00Z");

  @Override
  public RelayStatus status() {
    return new RelayStatus(List.of("0.0.0.0:3478/tcp", "0.0.0.0:3478/udp"), "203.0.113.7", "weft", 1_000,
        List.of(new RelayAllocation("c", "198.51.100.9:7450", "udp", "203.0.113.7:50001", 2, 1, 12_000_000, 34_000, THEN, THEN.plusSeconds(600))),
        1_500_000, Map.of("allocations_made", 3L, "peers_forbidden", 1L), "");
  }

  @Override
  public List<RelayUse> relays() {
    return List.of(
        new RelayUse("turn:203.0.113.7:3478", "config", "203.0.113.7:50002", 1, 2_048, 4_096, THEN.plusSeconds(3_600), null),
        new RelayUse("turn:203.0.113.8:3478", "c", "", 0, 0, 0, null, Reason.of("unauthorized", "401 Unauthenticated")));
  }

  @Override
  public CompletableFuture<List<RelayUse>> askRelays() {
    return CompletableFuture.completedFuture(relays());
  }

  @Override
  public Map<String, Long> counters() {
    return Map.of("attempts", 3L, "candidates_filtered_loopback", 1L);
  }

  @Override
  public Optional<PathReport> report(String peer) {
    Candidate own = new Candidate(Candidate.UDP, CandidateKind.srflx, "198.51.100.9", 40_001, 1_694_498_815);
    Candidate theirs = new Candidate(Candidate.UDP, CandidateKind.relay, "203.0.113.7", 50_003, 16_777_215);
    PathInfo path = new PathInfo(Candidate.UDP, PathType.relayed, CandidateKind.host, CandidateKind.relay, "203.0.113.7:50003");
    PairReport pair = new PairReport(new Candidate(Candidate.UDP, CandidateKind.host, "port", 0, 0), theirs, "selected", "");
    return peer.equals("b")
        ? Optional.of(new PathReport("b", "relayed", 7, THEN, path, "any", List.of(own), List.of(theirs), List.of(pair), "both_symmetric",
            "Forward a port."))
        : Optional.empty();
  }

  @Override
  public CompletableFuture<NatReport> nat() {
    return CompletableFuture.completedFuture(new NatReport(
        NatKind.endpoint_independent, List.of("198.51.100.9:40001"), List.of("203.0.113.7:3478: sees 198.51.100.9:40001")));
  }
}
