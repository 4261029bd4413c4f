package io.weft.forward;

import io.weft.node.Succession;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A succession without a framework: what one leaves, the next claims. */
final class Box implements Succession {

  private final AtomicReference<Estate> estate = new AtomicReference<>();

  @Override
  public boolean leave(Estate left) {
    estate.set(left);
    return true;
  }

  @Override
  public Optional<Estate> claim() {
    return Optional.ofNullable(estate.getAndSet(null));
  }
}
