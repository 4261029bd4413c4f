package io.weft.itests.bench.contender;

import java.util.Collection;
import java.util.List;

/** One way for a TCP connection from {@code a} to a port at {@code b}. */
public interface Contender extends AutoCloseable {

  String name();

  /** Where a client in {@code a} connects to get to {@code port} at {@code b}. */
  default String host() {
    return "127.0.0.1";
  }

  /** Processes whose time counts as its cost. */
  default Collection<ProcessHandle> processes() {
    return List.of();
  }

  @Override
  default void close() {}
}
