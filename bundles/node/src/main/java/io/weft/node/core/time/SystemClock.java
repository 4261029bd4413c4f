package io.weft.node.core.time;

import io.weft.node.Clock;
import java.time.Instant;
import org.osgi.service.component.annotations.Component;

/** The machine's clocks. */
@Component(name = "weft.node.clock")
public final class SystemClock implements Clock {

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }
}
