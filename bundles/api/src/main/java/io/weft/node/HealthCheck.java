package io.weft.node;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** One part's answer about itself. Registered as a service. */
@ConsumerType
public interface HealthCheck {

  /** Called from any thread, often; must not block. Returns an empty list if there is nothing to say. */
  List<HealthResult> check();
}
