package io.weft.launcher.demo;

import io.weft.launcher.Failure;
import io.weft.support.JsonReader;
import io.weft.support.fence.Attempt;
import io.weft.support.fence.FencedRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A job that one node does at a time, and what becomes of it when that node is killed, three times. */
final class DcsStory {

  private static final Duration ACT_MAX = Duration.ofSeconds(60);
  private static final int KILLS = 3;
  private static final int TRIES_MAX = 3;

  private final DcsDemo demo;
  private final Progress progress;
  private final Steps steps;

  DcsStory(DcsDemo demo, Progress progress) {
    this.demo = demo;
    this.progress = progress;
    this.steps = new Steps(progress);
  }

  /** Returns whether every step worked. */
  boolean tell() throws InterruptedException {
    progress.note("""
        Three nodes a, b and c on this machine, each a process of its own with the same job in its deploy folder: eight calls a
        second to one place, by one node in the whole fabric. Who may is decided on %s; a lost node's lease is free after %.0f s.
        """.formatted(demo.backend(), demo.ttlSeconds()));
    boolean up = steps.step("start the store", demo::startStore)
        && steps.step("start three nodes", () -> Nodes.start(demo.nodes()))
        && steps.step("link every node with every other", () -> Nodes.link(demo.nodes()))
        && steps.step("the job runs on one node", this::firstRun);
    for (int kill = 1; up && kill <= KILLS; kill++) {
      up = steps.step("kill -9 its holder, " + kill + " of " + KILLS, this::kill);
    }
    return up && steps.step("look through the record of all calls", this::verify) && steps.allGood();
  }

  private FencedRecord record() {
    return demo.record();
  }

  private String firstRun() throws DemoFailed {
    long start = System.nanoTime();
    DemoNode asked = demo.nodes().get(0);
    asked.await("run of the job", ACT_MAX, () -> record().runs() > 1);
    Attempt first = record().first(attempt -> true).orElseThrow();
    asked.await("lease of the node that acts", ACT_MAX, () -> owner(asked).equals(record().latest().map(Attempt::node)));
    return first.node() + " holds its lease with token " + first.token() + ", second run " + Steps.seconds(start) + " later";
  }

  private static Optional<String> owner(DemoNode asked) throws DemoFailed {
    Object answer = JsonReader.read(asked.must("lease", "list", "--json"));
    return answer instanceof Map<?, ?> map && map.get("leases") instanceof List<?> leases
        ? leases.stream().map(lease -> (Map<?, ?>) lease).filter(lease -> String.valueOf(lease.get("name")).contains(DcsDemo.JOB))
            .map(lease -> String.valueOf(lease.get("owner"))).findFirst()
        : Optional.empty();
  }

  private String kill() throws DemoFailed, IOException, InterruptedException {
    DemoNode holder = killHolder();
    long killed = System.nanoTime();
    Attempt last = record().latest().orElseThrow();
    DemoNode other = demo.nodes().stream().filter(node -> node != holder).findFirst().orElseThrow();
    other.await("call by another node", ACT_MAX, () -> next(last).isPresent());
    Attempt next = next(last).orElseThrow();
    String gap = String.format("%.1f s", (next.arrived() - killed) / 1e9);
    restart(holder);
    return holder.name() + " -> " + next.node() + " after " + gap + ", token " + last.token() + " -> " + next.token() + "; "
        + holder.name() + " is back";
  }

  /** On a machine that is too busy to renew in time, the lease may go elsewhere in the moment of the kill: then it was not the holder. */
  private DemoNode killHolder() throws DemoFailed, IOException, InterruptedException {
    for (int tries = 1; tries <= TRIES_MAX; tries++) {
      DemoNode holder = demo.node(record().latest().orElseThrow().node());
      holder.kill();
      if (record().latest().orElseThrow().node().equals(holder.name())) {
        return holder;
      }
      restart(holder);
    }
    throw new DemoFailed("the lease does not stay with anybody long enough to kill its holder");
  }

  private void restart(DemoNode node) throws DemoFailed, IOException {
    node.start();
    Nodes.awaitReady(node);
    Nodes.link(demo.nodes());
    node.await("store that serves " + node.name(), ACT_MAX, () -> serves(node)); // a store of the nodes needs it back as well
  }

  private static boolean serves(DemoNode node) {
    try {
      return JsonReader.read(node.ask("dcs", "status", "--json").out()) instanceof Map<?, ?> status
          && "serving".equals(status.get("state"));
    } catch (Failure | IllegalArgumentException notYet) {
      return false;
    }
  }

  private Optional<Attempt> next(Attempt last) {
    return record().first(a -> a.token() > last.token() && !a.node().equals(last.node()));
  }

  private String verify() throws DemoFailed {
    List<Attempt> all = record().attempts();
    List<String> violations = record().violations();
    if (!violations.isEmpty()) {
      throw new DemoFailed(violations.size() + " times what must never be: " + violations.get(0));
    }
    List<Long> tokens = record().tokens();
    if (tokens.size() <= KILLS) {
      throw new DemoFailed("only the tokens " + tokens + " were seen, which proves nothing");
    }
    long refused = all.stream().filter(a -> !a.accepted()).count();
    Map<String, Long> byNode = all.stream().map(Attempt::node)
        .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    return all.size() + " calls in " + record().runs() + " runs by " + byNode + ", " + refused
        + " refused; no two runs overlapped, tokens only grew: " + tokens.stream().map(String::valueOf).collect(Collectors.joining(" < "));
  }
}
