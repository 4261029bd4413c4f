package io.weft.discovery.basic;

import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.PathRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SRV records (RFC 2782), then the addresses of the hosts they name. One host without an address does not spoil the others. */
record SrvLookup(String name, NameServer server, Addresses addresses) implements Lookup {

  /** One record, as {@code priority weight port target}. */
  record Srv(int priority, int weight, int port, String target) {

    static final Comparator<Srv> ORDER =
        Comparator.comparingInt(Srv::priority)
            .thenComparing(Comparator.comparingInt(Srv::weight).reversed())
            .thenComparing(Srv::target)
            .thenComparingInt(Srv::port);

    /** Null if it is not a record, or says that there is no such service (target "."). */
    static @Nullable Srv read(String text) {
      String[] parts = text.split(" ", 5);
      if (parts.length != 4) {
        return null;
      }
      int priority = number(parts[0]);
      int weight = number(parts[1]);
      int port = number(parts[2]);
      String target = parts[3].endsWith(".") ? parts[3].substring(0, parts[3].length() - 1) : parts[3];
      boolean good = priority >= 0 && weight >= 0 && port > 0 && NameServer.isName(target);
      return good ? new Srv(priority, weight, port, target) : null;
    }

    private static int number(String text) {
      if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return -1;
      }
      int value = Integer.parseInt(text);
      return value > 65_535 ? -1 : value;
    }
  }

  @Override
  public List<Candidate> candidates() throws LookupFailed {
    List<Srv> records = new ArrayList<>();
    for (String text : server.records(name, "SRV")) {
      Srv srv = Srv.read(text);
      if (srv != null) {
        records.add(srv);
      }
    }
    records.sort(Srv.ORDER);
    List<Candidate> candidates = new ArrayList<>();
    LookupFailed failed = new LookupFailed("there is no SRV record of " + name);
    int rank = Candidate.DEFAULT_PRIORITY;
    int last = -1;
    for (Srv srv : records.subList(0, Math.min(records.size(), PathRequest.CANDIDATES_MAX))) {
      rank = last >= 0 && srv.priority > last ? rank - 1 : rank;
      last = srv.priority;
      try {
        for (String ip : addresses.of(srv.target)) {
          candidates.add(new Candidate(Candidate.UDP, CandidateKind.host, ip, srv.port, rank));
        }
      } catch (LookupFailed e) {
        failed = e;
      }
    }
    if (candidates.isEmpty()) {
      throw failed;
    }
    return candidates.stream().distinct().limit(PathRequest.CANDIDATES_MAX).toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
