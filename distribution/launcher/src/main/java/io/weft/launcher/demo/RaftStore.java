package io.weft.launcher.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The nodes themselves. */
final class RaftStore implements DemoStore {

  private final List<String> nodes;

  RaftStore(List<String> nodes) {
    this.nodes = nodes;
  }

  @Override
  public String backend() {
    return "raft";
  }

  @Override
  public String start(Path directory) {
    return "no server: the nodes keep it among themselves";
  }

  @Override
  public String section() {
    return "dcs.raft: {members: [" + nodes.stream().collect(Collectors.joining(", ")) + "]}\n";
  }

  @Override
  public void close() {
    // nothing was started
  }
}
