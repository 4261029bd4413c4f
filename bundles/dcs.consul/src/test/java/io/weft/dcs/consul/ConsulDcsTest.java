package io.weft.dcs.consul;

import io.weft.testkit.dcs.DcsContract;
import io.weft.testkit.dcs.DcsRig;

class ConsulDcsTest extends DcsContract {

  @Override
  protected DcsRig open() {
    return new ConsulRig();
  }
}
