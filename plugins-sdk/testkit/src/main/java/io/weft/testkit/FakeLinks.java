package io.weft.testkit;

import io.weft.link.LinkInfo;
import io.weft.link.LinkState;
import io.weft.link.Links;
import io.weft.node.NodeId;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.CandidateKind;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Links as a test says they are; {@link #calls} remembers what was asked of them. */
public final class FakeLinks implements Links {

  public final List<LinkInfo> links = new ArrayList<>();
  public final Map<String, Long> counters = new TreeMap<>();
  public final List<String> calls = new ArrayList<>();

  /** A link that is up over a direct path. */
  public static LinkInfo up(String peer, Instant since) {
    return new LinkInfo(peer, new NodeId("b".repeat(32)), LinkState.up,
        new PathInfo("udp", PathType.direct, CandidateKind.host, CandidateKind.srflx, "203.0.113.5:7450"), "quic", 0.4, 3, 1234,
        5678, since, Reason.of("hello"), 0, true, "d1g35700cafe");
  }

  /** A link that waits before the next attempt, since its peer fell silent. */
  public static LinkInfo down(String peer, Instant since) {
    return new LinkInfo(peer, new NodeId("c".repeat(32)), LinkState.backoff, null, null, -1, 0, 0, 0, since,
        Reason.of("peer_silent", "nothing heard for 15 s"), 4, false, "");
  }

  @Override
  public List<LinkInfo> links() {
    return List.copyOf(links);
  }

  @Override
  public Optional<LinkInfo> link(String peer) {
    return links.stream().filter(l -> l.peer().equals(peer)).findFirst();
  }

  @Override
  public Registration watch(Consumer<LinkInfo> listener) {
    links.forEach(listener);
    return () -> {};
  }

  @Override
  public boolean close(String peer, Reason reason, boolean stay) {
    calls.add("close " + peer + " " + reason + " stay=" + stay);
    return link(peer).isPresent();
  }

  @Override
  public boolean open(String peer) {
    calls.add("open " + peer);
    return link(peer).isPresent();
  }

  @Override
  public Map<String, Long> counters() {
    return counters;
  }
}
