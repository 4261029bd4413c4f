package io.weft.node;

import java.time.Instant;
import org.osgi.annotation.versioning.ConsumerType;

/** The time. Two clocks in one: the wall, which may jump, and the monotonic one, which deadlines use. Any thread. */
@ConsumerType
public interface Clock {

  /** Wall-clock time; for people, records and certificates. Never measure a wait with it. */
  Instant now();

  /** Monotonic nanoseconds from an arbitrary origin; for waits, deadlines and round trips. */
  long nanos();
}
