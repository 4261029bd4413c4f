package io.weft.dcs.nats;

import io.weft.testkit.ServerProcess;
import io.weft.testkit.dcs.DcsContract;
import io.weft.testkit.dcs.DcsRig;

/** On the server of the distribution, which cannot let single messages expire. */
class NatsDcsTest extends DcsContract {

  @Override
  protected DcsRig open() {
    return new NatsRig(ServerProcess.require("nats-server"));
  }

  @Override
  protected int floor() {
    return 100;
  }
}
