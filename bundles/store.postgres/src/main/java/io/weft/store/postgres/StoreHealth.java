package io.weft.store.postgres;

import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.util.ArrayList;
import java.util.List;

/** What the store says of itself. */
final class StoreHealth {

  private static final String NAME = "store";

  private StoreHealth() {}

  /**
   * @param where address, or what the node's own server says of itself
   * @param local whether nothing leaves this machine
   */
  static List<HealthResult> check(Probe.Seen seen, boolean asked, String where, boolean embedded, boolean local,
      boolean signsIn) {
    List<HealthResult> results = new ArrayList<>();
    if (!seen.reachable()) {
      results.add(new HealthResult(NAME, HealthKind.readiness, asked ? HealthStatus.critical : HealthStatus.unknown,
          seen.problem()));
      return results;
    }
    if (seen.number() < Probe.OLDEST * 10_000) {
      results.add(new HealthResult(NAME, HealthKind.readiness, HealthStatus.critical,
          "PostgreSQL " + seen.version() + " at " + where + " is too old; " + Probe.OLDEST + " is the oldest that will do"));
    } else if (seen.replica()) {
      results.add(new HealthResult(NAME, HealthKind.readiness, HealthStatus.critical,
          where + " is a replica that cannot be written; add targetServerType=primary to store.postgres.url"));
    } else {
      results.add(new HealthResult(NAME, HealthKind.readiness, HealthStatus.ok,
          embedded ? where : "PostgreSQL " + seen.version() + " at " + where));
    }
    results.add(posture("synced", seen.synced(), "a confirmed commit survives a power cut",
        "a confirmed commit may be lost when the power fails; turn on fsync and synchronous_commit at the server"));
    results.add(posture("authenticated", signsIn, "it is signed in to with a password",
        "no password is used; set store.postgres.password"));
    if (!local) {
      results.add(posture("encrypted", seen.encrypted(), "connections use TLS",
          "whoever is on the way can read and change everything; add sslmode=verify-full to store.postgres.url"));
    }
    return results;
  }

  private static HealthResult posture(String what, boolean is, String good, String bad) {
    return new HealthResult(NAME + "-" + what, HealthKind.posture, is ? HealthStatus.ok : HealthStatus.warn, is ? good : bad);
  }
}
