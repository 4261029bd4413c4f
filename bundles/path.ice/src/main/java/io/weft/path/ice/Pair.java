package io.weft.path.ice;

import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A way of ours and an address of the peer, and how it does. On the loop of its session only. */
final class Pair {

  static final long NEVER = Long.MIN_VALUE / 2;

  /** After that many checks in a row without an answer a pair that lost none before is silent; more, if it loses some anyway. */
  static final int SILENT_MIN = 5;

  private static final int SILENT_MAX = 40;
  private static final double MEMORY = 0.9;
  private static final double DOUBT = 0.01;

  final Wire wire;
  final InetSocketAddress remote;
  final CandidateKind local;
  private CandidateKind kind;

  /** Time of the last check, of the first that was not answered since, and of the last answer. */
  long sent = NEVER;

  long asking = NEVER;
  long answered = NEVER;
  int checks;
  int unanswered;
  int answers;

  /** Time from which on it was given up; {@link #NEVER} if it was not. */
  long left = NEVER;

  private double loss;
  private long roundTrip;

  Pair(Wire wire, InetSocketAddress remote, CandidateKind local, CandidateKind kind) {
    this.wire = wire;
    this.remote = remote;
    this.local = local;
    this.kind = kind;
  }

  boolean is(Wire otherWire, InetSocketAddress otherRemote) {
    return wire == otherWire && remote.equals(otherRemote);
  }

  CandidateKind kind() {
    return kind;
  }

  /** The peer has told since what this address of its is: one that was seen before it was told may be a relay's. */
  void told(CandidateKind toldKind) {
    if (kind == CandidateKind.prflx) {
      kind = toldKind;
    }
  }

  boolean isRelayed() {
    return local == CandidateKind.relay || kind == CandidateKind.relay;
  }

  /** Whether it ever worked both ways. */
  boolean isValid() {
    return answered != NEVER;
  }

  void checked(long now) {
    sent = now;
    asking = unanswered == 0 ? now : asking;
    checks++;
    unanswered++;
  }

  /** An answer came; {@code took} negative if it is not known how long. */
  void answered(long now, long took) {
    for (int missed = Math.min(unanswered - 1, SILENT_MAX); missed > 0; missed--) {
      loss = loss * MEMORY + 1 - MEMORY;
    }
    loss *= MEMORY;
    unanswered = 0;
    answers++;
    answered = now;
    if (took >= 0) {
      roundTrip = roundTrip == 0 ? took : (roundTrip * 7 + took) / 8;
    }
  }

  /** Answers are missing that should have been here by now. */
  boolean isDoubtful(long now) {
    return unanswered >= 2 && isOverdue(now);
  }

  boolean isSilent(long now) {
    return unanswered >= silentAfter() && isOverdue(now);
  }

  /** An answer takes its time on a long way. */
  private boolean isOverdue(long now) {
    return now - asking > 2 * roundTrip;
  }

  int silentAfter() {
    if (loss <= 0) {
      return SILENT_MIN;
    }
    return (int) Math.max(SILENT_MIN, Math.min(SILENT_MAX, Math.ceil(Math.log(DOUBT) / Math.log(loss))));
  }

  double loss() {
    return loss;
  }

  long roundTripNanos() {
    return roundTrip;
  }

  PathInfo info() {
    PathType type = isRelayed() ? PathType.relayed : PathType.direct;
    return new PathInfo(Candidate.UDP, type, local, kind, text(remote));
  }

  /** @return as operators write it */
  static String text(@Nullable InetSocketAddress address) {
    if (address == null) {
      return "";
    }
    String host = address.getAddress().getHostAddress().replaceFirst("%.*", ""); // A zone is of this machine only.
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
