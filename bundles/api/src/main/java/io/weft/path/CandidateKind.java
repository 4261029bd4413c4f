package io.weft.path;

/** Where a candidate was learned (RFC 8445, section 4). */
public enum CandidateKind {
  /** An address of the node itself. */
  host,
  /** Its address as a STUN server sees it. */
  srflx,
  /** Its address as the peer sees it. */
  prflx,
  /** An address that a relay lends it. */
  relay
}
