package io.weft.signaling;

import io.weft.node.PeerIdentity;
import org.osgi.annotation.versioning.ConsumerType;

/** Gets signals; registered as a service. */
@ConsumerType
public interface SignalReceiver {

  /**
   * A signal whose signature is that of the peer's key, meant for this node, fresh and not seen before. Those of one sender come one at
   * a time, in the order in which they were taken from the way they came on. Must return at once.
   *
   * @param via the way it came: {@code link}, or the URL of a broker
   */
  void received(PeerIdentity from, Signal signal, String via);
}
