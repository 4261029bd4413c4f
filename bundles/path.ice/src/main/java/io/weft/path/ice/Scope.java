package io.weft.path.ice;

import io.weft.path.CandidateKind;
import io.weft.path.ice.check.Checker.Base;
import io.weft.path.ice.check.RemoteAddress;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether private addresses mean the same to a peer as to this node. */
enum Scope {
  same,
  other,
  unknown;

  private static final int NEAR4 = 3;
  private static final int NEAR6 = 8;

  /** The NAT group says more than the site; a label that one side lacks says nothing. */
  static Scope byLabels(Map<String, String> own, Description theirs) {
    Scope byGroup = compare(own.getOrDefault("nat_group", ""), theirs.natGroup());
    return byGroup != unknown ? byGroup : compare(own.getOrDefault("site", ""), theirs.site());
  }

  private static Scope compare(String a, String b) {
    return a.isEmpty() || b.isEmpty() ? unknown : a.equals(b) ? same : other;
  }

  /** Who is seen at the same public address is behind the same NAT. */
  static Scope byPublicAddress(List<RemoteAddress> own, List<RemoteAddress> theirs) {
    Set<InetAddress> ours = outside(own);
    Set<InetAddress> others = outside(theirs);
    if (ours.isEmpty() || others.isEmpty()) {
      return unknown;
    }
    return others.stream().anyMatch(ours::contains) ? same : other;
  }

  private static Set<InetAddress> outside(List<RemoteAddress> addresses) {
    return addresses.stream()
        .filter(a -> a.kind() == CandidateKind.srflx || a.kind() == CandidateKind.host && !CandidateFilter.isPrivate(a.address().getAddress()))
        .map(a -> a.address().getAddress())
        .collect(Collectors.toSet());
  }

  /** Whether the address is in the network of one of ours: what there is to go by if no server says more. */
  static boolean isNear(RemoteAddress candidate, List<Base> bases) {
    byte[] theirs = candidate.address().getAddress().getAddress();
    int length = theirs.length == 4 ? NEAR4 : NEAR6;
    return bases.stream()
        .map(base -> base.address().getAddress().getAddress())
        .anyMatch(ours -> ours.length == theirs.length && Arrays.equals(ours, 0, length, theirs, 0, length));
  }
}
