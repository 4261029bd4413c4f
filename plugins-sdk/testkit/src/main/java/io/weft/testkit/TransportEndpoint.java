package io.weft.testkit;

import io.weft.path.Path;
import io.weft.transport.Transport;

/** A transport of one node with what a contract test needs around it. */
public interface TransportEndpoint extends AutoCloseable {

  Transport transport();

  /** A new path that leads from here to where the other accepts. */
  Path pathTo(TransportEndpoint other);

  /** A new path that leads to where nobody is. */
  Path pathToNobody();

  /**
   * Does to the transport what an update of its bundle does: stops it, with a {@link io.weft.node.Succession} to which it leaves what it has,
   * and starts another one, which {@link #transport} gives from then on and which reaches and is reached as the last one was.
   *
   * @return whether links of the last one go on meanwhile; false, and nothing done, for a transport that cannot do that
   */
  default boolean update() {
    return false;
  }

  /** Stops the transport; links that are up close. */
  @Override
  void close();
}
