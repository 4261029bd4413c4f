package io.weft.path.ice;

import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.PairReport;
import io.weft.path.ice.check.RemoteAddress;
import java.net.InetSocketAddress;

/** Words for what happened. */
final class Reports {

  private Reports() {}

  static Candidate candidate(CandidateKind kind, InetSocketAddress address, long priority) {
    return new Candidate(
        Candidate.UDP, kind, address.getAddress().getHostAddress(), address.getPort(), (int) Math.min(Integer.MAX_VALUE, Math.max(0, priority)));
  }

  static Candidate candidate(RemoteAddress remote) {
    return candidate(remote.kind(), remote.address(), remote.priority());
  }

  static PairReport pair(Wire wire, InetSocketAddress remote, CandidateKind kind, String state) {
    Candidate local = new Candidate(Candidate.UDP, wire.kind(), wire.name(), 0, 0);
    return new PairReport(local, candidate(kind, remote, 0), state, state.equals("failed") ? "no_answer" : "");
  }
}
