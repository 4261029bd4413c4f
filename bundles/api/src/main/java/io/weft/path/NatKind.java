package io.weft.path;

/** How the NAT in front of this node maps ports (RFC 4787, section 4.1), as far as STUN servers tell. */
public enum NatKind {
  /** Not measured, or too few servers answered. */
  unknown,
  /** No UDP answer came back at all. */
  blocked,
  /** The address outside is that of the node itself. */
  none,
  /** One mapping for all destinations: others can reach it once it has sent. */
  endpoint_independent,
  /** Another mapping for each destination ("symmetric"): direct only to peers that are not. */
  address_dependent
}
