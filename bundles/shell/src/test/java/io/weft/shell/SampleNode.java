package io.weft.shell;

import io.weft.node.Node;
import io.weft.node.NodeId;
import io.weft.node.NodeState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node called {@code a} of fabric {@code demo}; a test sets what it needs otherwise. */
public final class SampleNode implements Node {

  public NodeId id = new NodeId("0123456789abcdef0123456789abcdef");
  public String name = "a";
  public NodeState state = NodeState.ready;
  public Instant startedAt = Instant.parse("2026-01-01T00:00:00Z");
  public Path home = Path.of("/home/a");
  public Map<String, String> labels = Map.of();
  public String sharedDigest = "d1g35700cafe";

  @Override
  public NodeId id() {
    return id;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String fabric() {
    return "demo";
  }

  @Override
  public String version() {
    return "0.1.0";
  }

  @Override
  public Map<String, String> labels() {
    return labels;
  }

  @Override
  public NodeState state() {
    return state;
  }

  @Override
  public Instant startedAt() {
    return startedAt;
  }

  @Override
  public Path home() {
    return home;
  }

  @Override
  public String sharedDigest() {
    return sharedDigest;
  }

  @Override
  public long incarnation() {
    return 42;
  }

  @Override
  public CompletionStage<Void> leave(Duration bound) {
    state = NodeState.left;
    return CompletableFuture.completedFuture(null);
  }
}
