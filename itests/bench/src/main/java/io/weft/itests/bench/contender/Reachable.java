package io.weft.itests.bench.contender;

import io.weft.itests.Command;
import io.weft.itests.bench.Wire;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Waits until something listens, or answers. */
final class Reachable {

  private Reachable() {}

  /** Until a client in {@code a} can connect. */
  static void await(Wire wire, String host, int port) {
    retry(wire, host + ":" + port, "bash", "-c", "exec 3<>/dev/tcp/" + host + "/" + port);
  }

  /** Until a ping from {@code a} comes back. */
  static void awaitPing(Wire wire, String host) {
    retry(wire, host, "ping", "-c", "1", "-W", "1", "-q", host);
  }

  private static void retry(Wire wire, String what, String... words) {
    List<String> all = new ArrayList<>(wire.insideA());
    all.addAll(List.of(words));
    Await.until(what, Duration.ofSeconds(20), () -> Command.of(all).run().exitCode() == 0);
  }
}
