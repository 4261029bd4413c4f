package io.weft.node;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** Whoever has something to finish before the node goes. Registered as a service. */
@ConsumerType
public interface Leaving {

  /** Phase in which listeners stop accepting and streams finish. */
  int DRAIN = 10;

  /** Phase in which links say goodbye and close. */
  int CLOSE = 20;

  /** Lower phases go first; all of one phase go together. */
  int phase();

  /**
   * Must return at once. The stage completes when everything is finished or cut, at the latest after {@code bound}; who takes
   * longer is not waited for. Completing exceptionally is logged and changes nothing.
   */
  CompletionStage<Void> leave(Duration bound);
}
