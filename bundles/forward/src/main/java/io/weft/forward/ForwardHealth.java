package io.weft.forward;

import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.util.ArrayList;
import java.util.List;

/** What forwards and exposed services say of themselves. */
final class ForwardHealth {

  private ForwardHealth() {}

  static List<HealthResult> check(List<LocalForward> locals, List<Exposed> exposed) {
    List<HealthResult> results = new ArrayList<>();
    int listening = 0;
    for (LocalForward local : locals) {
      String name = "forward " + printable(local.spec().text());
      String problem = local.problem();
      if (problem.isEmpty()) {
        listening++;
      } else {
        results.add(new HealthResult(name, HealthKind.readiness, HealthStatus.critical, problem));
      }
      if (local.spec().isPublic()) {
        results.add(new HealthResult(name, HealthKind.posture, HealthStatus.warn, "listens beyond loopback: whoever reaches "
            + printable(local.spec().text()) + " can use " + printable(local.spec().route().service())
            + "; listen on 127.0.0.1 unless that is meant"));
      }
    }
    for (Exposed one : exposed) {
      if (!one.problem().isEmpty()) {
        results.add(new HealthResult("expose " + printable(one.spec().name()), HealthKind.readiness, HealthStatus.critical, one.problem()));
      }
    }
    if (!locals.isEmpty()) {
      results.add(new HealthResult("forwards", HealthKind.readiness, HealthStatus.ok, listening + " of " + locals.size() + " listen"));
    }
    return results;
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
