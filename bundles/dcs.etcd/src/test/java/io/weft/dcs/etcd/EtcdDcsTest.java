package io.weft.dcs.etcd;

import io.weft.testkit.dcs.DcsContract;
import io.weft.testkit.dcs.DcsRig;

class EtcdDcsTest extends DcsContract {

  @Override
  protected DcsRig open() throws Exception {
    return new EtcdRig();
  }
}
