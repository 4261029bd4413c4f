package io.weft.relay;

import org.osgi.annotation.versioning.ProviderType;

/** The STUN and TURN server of this node. Registered whether or not it is told to serve. */
@ProviderType
public interface RelayServer {

  /** What it does now. Any thread; does not block. */
  RelayStatus status();
}
