package io.weft.testkit;

import io.weft.node.Registration;
import io.weft.node.Succession;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The succession of one bundle without a framework: what one version leaves, the next one claims; nothing expires by itself. */
public final class FakeSuccession implements Succession {

  private final AtomicReference<Estate> estate = new AtomicReference<>();
  private final AtomicInteger open = new AtomicInteger();

  @Override
  public Optional<Registration> leave(Estate left) {
    estate.set(left);
    open.incrementAndGet();
    AtomicBoolean closed = new AtomicBoolean();
    return Optional.of(() -> {
      if (!closed.getAndSet(true)) {
        open.decrementAndGet();
      }
    });
  }

  /** How many versions have something left. */
  public int open() {
    return open.get();
  }

  @Override
  public Optional<Estate> claim() {
    return Optional.ofNullable(estate.getAndSet(null));
  }

  /** No next version came: what was left closes. */
  public void expire() {
    claim().ifPresent(Estate::expired);
  }
}
