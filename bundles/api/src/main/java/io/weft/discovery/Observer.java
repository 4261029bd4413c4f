package io.weft.discovery;

import org.osgi.annotation.versioning.ProviderType;

/** Takes observations. Any thread; returns at once. */
@ProviderType
public interface Observer {

  /** Adds the peer, or replaces what this source said of it before. */
  void found(Observation observation);

  /** This source no longer sees the peer. Unknown names are ignored. */
  void lost(String peer);
}
