package io.weft.node;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The roll-up of all {@link HealthCheck}s. Any thread; asks each check, so do not call it on a loop. */
@ProviderType
public interface Health {

  /** All results of one kind, worst first. A check that throws or takes longer than its bound counts as {@code unknown}. */
  List<HealthResult> results(HealthKind kind);

  /** The worst status of that kind; {@code ok} if there is no check. */
  HealthStatus worst(HealthKind kind);
}
