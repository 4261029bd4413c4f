package io.weft.dcs;

/** How fresh a read must be. */
public enum ReadMode {
  /** Sees every write that completed before the read was asked for. */
  LINEARIZABLE,
  /** May be old, and may go back; answered even by a store without quorum where the backend can. */
  STALE
}
