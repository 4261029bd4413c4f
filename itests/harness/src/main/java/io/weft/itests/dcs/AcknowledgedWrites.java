package io.weft.itests.dcs;

import io.weft.itests.Command;
import io.weft.itests.process.NodeProcess;
import io.weft.support.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/** Writes one key after another through the nodes in turns, and remembers which ones were acknowledged. */
public final class AcknowledgedWrites implements AutoCloseable {

  private static final long PAUSE_NANOS = 50_000_000;
  private static final long JOIN_MILLIS_MAX = 30_000;

  private final String prefix;
  private final List<NodeProcess> nodes;
  private final String value;
  private final Set<String> acknowledged = Collections.synchronizedSet(new TreeSet<>());
  private final Thread thread = new Thread(this::write, "acknowledged-writes");
  private volatile boolean over;

  public AcknowledgedWrites(List<NodeProcess> nodes) {
    this(nodes, "x");
  }

  public AcknowledgedWrites(List<NodeProcess> nodes, String value) {
    this("kept/", nodes, value);
  }

  /** @param prefix of its keys, which nobody else writes */
  public AcknowledgedWrites(String prefix, List<NodeProcess> nodes, String value) {
    this.prefix = prefix;
    this.nodes = List.copyOf(nodes);
    this.value = value;
    thread.setDaemon(true);
    thread.start();
  }

  public int count() {
    return acknowledged.size();
  }

  private void write() {
    for (int i = 0; !over; i++) {
      String key = String.format("%s%06d", prefix, i);
      NodeProcess node = nodes.get(i % nodes.size());
      // One that is killed or stands still does not answer.
      if (node.isAlive() && !StoreMember.state(node.pid()).equals("T") && written(node, key)) {
        acknowledged.add(key);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean written(NodeProcess node, String key) {
    try {
      Command.Result result = node.ask("dcs:put", key, value, "--yes", "--json");
      return result.exitCode() == 0 && JsonReader.read(result.out()) instanceof Map<?, ?> map
          && Boolean.TRUE.equals(map.get("written"));
    } catch (IOException | IllegalArgumentException e) {
      return false; // no answer is no acknowledgement
    }
  }

  /** Ends the writing. Those that were acknowledged and that the node does not see, or does not answer about. */
  public List<String> missingAt(NodeProcess node) throws IOException {
    close();
    Set<String> there = new HashSet<>();
    Object answer = JsonReader.read(node.ask("dcs:list", prefix, "--json").orFail());
    for (Object entry : (List<?>) ((Map<?, ?>) answer).get("entries")) {
      there.add(String.valueOf(((Map<?, ?>) entry).get("key")));
    }
    List<String> missing = new ArrayList<>(acknowledged);
    missing.removeAll(there);
    return missing;
  }

  @Override
  public void close() {
    over = true;
    try {
      thread.join(JOIN_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
