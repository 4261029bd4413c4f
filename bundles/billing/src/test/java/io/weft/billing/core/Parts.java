package io.weft.billing.core;

import io.weft.billing.Rig;
import io.weft.billing.ledger.Ledger;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Components made by hand. */
final class Parts {

  final FakeSecrets secrets = new FakeSecrets();
  final FakeNode node;
  final BillingCore core;
  final Singleton singleton;

  Parts(Rig rig, Map<String, Object> config) {
    this(rig, config, Path.of("home-of-a"));
  }

  Parts(Rig rig, Map<String, Object> config, Path home) {
    node = new FakeNode(new FakeIdentity("demo", "a"), "demo", 1, home);
    secrets.put("secret:formation/billing/identity", "0123456789abcdef0123456789abcdef");
    core = new BillingCore(FakeConfig.of(BillingConfig.class, new HashMap<>(config)), new Ledger(rig.database(), rig.schema()),
        secrets,
        node, rig.time);
    singleton = new Singleton(core);
  }
}
