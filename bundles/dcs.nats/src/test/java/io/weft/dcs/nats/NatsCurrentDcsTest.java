package io.weft.dcs.nats;

import io.weft.testkit.ServerProcess;
import io.weft.testkit.dcs.DcsContract;
import io.weft.testkit.dcs.DcsRig;
import java.nio.file.Path;

/** On three servers of a current version, named by NATS_CURRENT_BIN, which keep everything three times. */
class NatsCurrentDcsTest extends DcsContract {

  @Override
  protected DcsRig open() {
    String program = System.getenv("NATS_CURRENT_BIN");
    Path path = program == null ? ServerProcess.missing("a current nats-server, named by NATS_CURRENT_BIN,") : Path.of(program);
    return new NatsRig(path, 3);
  }

  @Override
  protected int floor() {
    return 100;
  }
}
