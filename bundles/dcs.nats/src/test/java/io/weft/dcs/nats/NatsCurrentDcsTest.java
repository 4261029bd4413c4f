package io.weft.dcs.nats;

import io.weft.testkit.ServerProcess;
import io.weft.testkit.dcs.DcsContract;
import io.weft.testkit.dcs.DcsRig;
import java.nio.file.Path;

/** On a current server, named by NATS_CURRENT_BIN. */
class NatsCurrentDcsTest extends DcsContract {

  @Override
  protected DcsRig open() {
    String program = System.getenv("NATS_CURRENT_BIN");
    return new NatsRig(program == null ? ServerProcess.missing("a current nats-server, named by NATS_CURRENT_BIN,")
        : Path.of(program));
  }

  @Override
  protected int floor() {
    return 100;
  }
}
