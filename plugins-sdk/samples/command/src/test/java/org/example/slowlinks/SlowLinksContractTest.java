package org.example.slowlinks;

import io.weft.testkit.command.CommandContract;
import org.apache.felix.service.command.Function;

/** What people expect of every command. */
class SlowLinksContractTest extends CommandContract {

  @Override
  protected Function command() {
    return SlowLinksTest.command(0.4);
  }

  @Override
  protected String[] works() {
    return new String[] {"--over", "100"};
  }
}
