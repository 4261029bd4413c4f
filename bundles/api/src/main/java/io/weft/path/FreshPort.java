package io.weft.path;

import org.osgi.annotation.versioning.ProviderType;

/**
 * One more UDP port of this node, drawn by {@link DatagramPort#fresh}: for a peer that the usual one does not reach, because a NAT on
 * the way remembers something wrong about it. QUIC comes and goes through it only by conduits.
 */
@ProviderType
public interface FreshPort extends DatagramPort {

  /**
   * Idempotent. Closes itself with the last of the conduits that were ever led through it, or that admitted somebody at it; and with
   * the transport. A conduit that is led through a closed port leads nowhere.
   */
  void close();
}
