package io.weft.forward;

import io.weft.channel.Fabric;
import io.weft.transport.Io;
import io.weft.transport.RawChannels;

/** What lies between the nodes of a test. */
interface Underlay extends AutoCloseable {

  Io io(String node);

  RawChannels channels(String node);

  Fabric fabric(String node);

  /** Cuts what is open, as a lost link does. */
  void lose();

  /** From now on that peer cannot be reached from a. */
  void down(String peer);

  void up(String peer);

  /** Whether no channel is open. */
  boolean isQuiet();

  @Override
  void close();
}
