package io.weft.dcs.nats;

import io.weft.testkit.ServerProcess;
import io.weft.testkit.dcs.DcsContract;
import io.weft.testkit.dcs.DcsRig;

/** On one server of the distribution's version, which cannot let single messages expire, and may not be replicated. */
class NatsDcsTest extends DcsContract {

  @Override
  protected DcsRig open() {
    return new NatsRig(ServerProcess.require("nats-server"), 1);
  }

  @Override
  protected int floor() {
    return 100;
  }
}
