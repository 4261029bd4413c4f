package io.weft.path.ice.check;

import io.weft.path.CandidateKind;
import java.net.InetSocketAddress;

/** Hears what checks find. */
public interface CheckEvents {

  /** The peer proved its credentials from this address. */
  void seen(InetSocketAddress from);

  /** A pair works in both directions. */
  void valid(InetSocketAddress remote);

  /** Both sides agreed on a pair; said once. The kinds are what both ends of it are. */
  void selected(InetSocketAddress remote, CandidateKind local, CandidateKind kind);

  /** What became of a pair: {@code checking}, {@code succeeded} or {@code failed}. */
  void pair(InetSocketAddress remote, String state);

  /** No pair can work any more. */
  void failed(String why);
}
