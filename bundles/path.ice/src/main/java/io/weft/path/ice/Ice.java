package io.weft.path.ice;

/** The numbers of ICE in STUN (RFC 8445, section 16), and one of our own. */
final class Ice {

  static final int PRIORITY = 0x0024;
  static final int USE_CANDIDATE = 0x0025;

  /** Marks checks that are not ice4j's: those of relayed pairs, and of pairs in use. Optional to understand, as RFC 8489 has it. */
  static final int PROBE = 0xc057;

  private static final int COMPONENT = 255;

  private Ice() {}

  /** RFC 8445, section 5.1.2.1. */
  static long priority(io.weft.path.CandidateKind kind, int local) {
    int type = switch (kind) {
      case host -> 126;
      case prflx -> 110;
      case srflx -> 100;
      case relay -> 0;
    };
    return (long) type << 24 | (long) local << 8 | COMPONENT;
  }
}
