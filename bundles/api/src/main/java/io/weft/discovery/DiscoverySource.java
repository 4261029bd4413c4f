package io.weft.discovery;

import io.weft.node.Registration;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Sees peers: a list, a DNS name, the local network, an orchestrator. Registered as a service, and free to come and go: links
 * that are up do not depend on it.
 */
@ConsumerType
public interface DiscoverySource {

  /** For people: "static", "dns". Constant. */
  String name();

  /**
   * Starts telling {@code observer} what is seen now and whatever changes, until the registration is closed. Returns at once;
   * what is known already is told before it returns. After closing, nothing more is told and everything it held is free.
   * Failures of the outside world are the source's own to retry, with jitter, and show in its health check. May be called again
   * with another observer; each gets the whole picture.
   */
  Registration watch(Observer observer);
}
