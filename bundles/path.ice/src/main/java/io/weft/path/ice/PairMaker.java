package io.weft.path.ice;

import io.weft.path.CandidateKind;
import io.weft.path.PairReport;
import io.weft.path.ice.check.RemoteAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which pairs there are to check: the addresses of the peer, times the ways out of this node. On the loop of its session only. */
final class PairMaker {

  private final Core core;
  private final Policy policy;
  private final DirectSearch search;
  private final PairList pairs;
  private final Consumer<Pair> changed;
  private final List<RemoteAddress> remotes = new ArrayList<>();
  private final List<Wire> relays = new ArrayList<>();

  /** @param changed hears of a pair in use that is not what it was taken for: direct, or relayed */
  PairMaker(Core core, Policy policy, DirectSearch search, PairList pairs, Consumer<Pair> changed) {
    this.core = core;
    this.policy = policy;
    this.search = search;
    this.pairs = pairs;
    this.changed = changed;
  }

  /** One more address of the peer, filtered. */
  void remote(RemoteAddress candidate) {
    if (kindOf(candidate.address()) != null) {
      return;
    }
    if (remotes.size() >= Notes.CANDIDATES_MAX) {
      core.counters().add(IceCounters.CANDIDATES_OVER_LIMIT);
      return;
    }
    remotes.add(candidate);
    if (candidate.kind() == CandidateKind.relay) {
      if (policy != Policy.direct_only) {
        add(core.wire(), candidate.address(), CandidateKind.host, CandidateKind.relay);
      }
    } else if (search.isOver()) {
      add(core.wire(), candidate.address(), CandidateKind.host, candidate.kind());
    } else {
      search.remote(candidate);
    }
    relays.forEach(relay -> add(relay, candidate.address(), CandidateKind.relay, candidate.kind()));
  }

  /** One more relay of ours. */
  void relay(Wire relay) {
    if (policy == Policy.direct_only || relays.contains(relay)) {
      return;
    }
    relays.add(relay);
    remotes.forEach(remote -> add(relay, remote.address(), CandidateKind.relay, remote.kind()));
  }

  /** One more port of ours. */
  void port(Wire port) {
    targets().forEach(target -> add(port, target, port.kind(), CandidateKind.srflx));
  }

  /** A pair that is known or may be added; null if there are too many. */
  @Nullable Pair add(Wire wire, InetSocketAddress remote, CandidateKind local, CandidateKind kind) {
    Pair known = pairs.find(wire, remote);
    if (known != null) {
      learn(known, kind);
      return known;
    }
    if (!wire.reaches(remote)) {
      return null;
    }
    Pair pair = new Pair(wire, remote, local, kind);
    if (pairs.add(pair)) {
      return pair;
    }
    core.counters().add(IceCounters.PAIRS_OVER_LIMIT);
    return null;
  }

  /** A direct pair that works. */
  Pair proved(InetSocketAddress remote, CandidateKind local, CandidateKind kind) {
    Pair known = pairs.find(core.wire(), remote);
    if (known != null) {
      learn(known, kind);
      return known;
    }
    Pair pair = new Pair(core.wire(), remote, local, kind);
    pairs.addProved(pair);
    return pair;
  }

  private void learn(Pair known, CandidateKind kind) {
    boolean before = known.isRelayed();
    known.told(kind);
    if (known == pairs.active() && known.isRelayed() != before) {
      changed.accept(known);
    }
  }

  /** Addresses of the peer outside, to which packets go straight. */
  List<InetSocketAddress> targets() {
    return remotes.stream()
        .filter(r -> r.kind() != CandidateKind.relay && !CandidateFilter.isPrivate(r.address().getAddress()))
        .map(RemoteAddress::address)
        .toList();
  }

  /** What the peer said that this address is; null if it did not tell of it. */
  @Nullable CandidateKind kindOf(InetSocketAddress remote) {
    return remotes.stream().filter(r -> r.address().equals(remote)).map(RemoteAddress::kind).findFirst().orElse(null);
  }

  List<RemoteAddress> remotes() {
    return List.copyOf(remotes);
  }

  List<PairReport> reports() {
    List<PairReport> reports = new ArrayList<>();
    search.states().forEach((remote, state) -> {
      CandidateKind kind = kindOf(remote);
      reports.add(Reports.pair(core.wire(), remote, kind == null ? CandidateKind.prflx : kind, state));
    });
    for (Pair pair : pairs.all()) {
      if (pair.wire != core.wire() || !search.knows(pair.remote)) {
        String untried = pair.checks == 0 ? "waiting" : "checking";
        String state = pair == pairs.active() ? "selected" : pair.isValid() ? "succeeded" : untried;
        reports.add(Reports.pair(pair.wire, pair.remote, pair.kind(), state));
      }
    }
    return reports;
  }
}
