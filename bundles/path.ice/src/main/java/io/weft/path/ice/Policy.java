package io.weft.path.ice;

/** Which paths to a peer are wanted. */
enum Policy {
  /** Direct if it works, else through a relay. */
  any,
  /** Never through a relay. */
  direct_only,
  /** Never direct. */
  relay_only
}
