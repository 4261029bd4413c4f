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

  /** Stops the transport; links that are up close. */
  @Override
  void close();
}
