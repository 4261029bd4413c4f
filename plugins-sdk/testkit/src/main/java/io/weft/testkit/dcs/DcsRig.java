package io.weft.testkit.dcs;

import io.weft.dcs.Dcs;
import java.time.Duration;

/**
 * A store, and clients of it on a line that can be blocked; what {@link DcsContract} runs against. One for all stories of a
 * class.
 */
public interface DcsRig extends AutoCloseable {

  /** What it is, with version, for the report: {@code etcd 3.4.23}, or {@code consul, a double in memory}. */
  String server();

  /** A client of its own, as of another node. */
  Client client() throws Exception;

  /** A TTL that sessions of the stories may have; the shorter, the faster they are. */
  Duration ttl();

  /** Ends the store as a power cut would and starts it with what it kept. Returns when it serves. */
  default void restart() throws Exception {
    throw new UnsupportedOperationException();
  }

  /** Whether {@link #restart} works. */
  default boolean canRestart() {
    return false;
  }

  /** Makes the store forget its history. */
  default void compact() throws Exception {
    throw new UnsupportedOperationException();
  }

  /** Whether {@link #compact} works. */
  default boolean canCompact() {
    return false;
  }

  /** How a node sees the store. */
  interface Client extends AutoCloseable {

    Dcs dcs();

    /** Nothing gets through in either direction any more, and nobody is told. */
    void block();

    void unblock();

    /** Ends sessions and watches in good order. */
    @Override
    void close();
  }
}
