package io.weft.node;

/** Something that was added and can be taken back. Closing is idempotent, does not block and does not throw. */
@FunctionalInterface
public interface Registration extends AutoCloseable {

  @Override
  void close();
}
