package io.weft.dcs.raft;

import io.weft.testkit.dcs.DcsContract;
import io.weft.testkit.dcs.DcsRig;

class RaftDcsTest extends DcsContract {

  @Override
  protected DcsRig open() throws Exception {
    return RaftRig.started();
  }
}
