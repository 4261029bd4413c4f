package io.weft.node;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One thing that {@code weft doctor} looks at, registered as a service. Unlike a {@link HealthCheck} it may ask the network and take
 * its time: up to 10 s, after which it counts as unknown.
 */
@ConsumerType
public interface Examination {

  /** For progress and order, such as {@code clock}, {@code udp}, {@code nat}. Constant. */
  String name();

  /** Returns at once; completes on any thread. Each message says what was found and, unless it is ok, what to do. */
  CompletableFuture<List<HealthResult>> examine();
}
