package io.weft.signaling;

import org.osgi.annotation.versioning.ProviderType;

/** The broker of this node; registered while the node is told to be one. */
@ProviderType
public interface SignalBroker {

  /** What it does now, give or take a few seconds. Any thread; does not block. */
  BrokerStatus status();
}
