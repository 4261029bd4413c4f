package io.weft.itests.bench.contender;

import io.weft.itests.bench.Wire;

/** Nothing in between: what the wire itself can do. */
public final class RawTcp implements Contender {

  @Override
  public String name() {
    return "raw TCP";
  }

  @Override
  public String host() {
    return Wire.ADDRESS_B;
  }
}
