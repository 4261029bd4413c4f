package io.weft.testkit;

import io.weft.node.Node;
import io.weft.node.NodeId;
import io.weft.node.NodeIdentity;
import io.weft.node.NodeState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node that only says who it is. */
public final class FakeNode implements Node {

  private final NodeIdentity identity;
  private final String fabric;
  private final long incarnation;
  private volatile Map<String, String> labels = Map.of();
  private final Path home;

  /** @param incarnation another number for each start of the same node */
  public FakeNode(NodeIdentity identity, String fabric, long incarnation) {
    this(identity, fabric, incarnation, Path.of("home-of-" + identity.self().name()));
  }

  /** A node that keeps something. */
  public FakeNode(NodeIdentity identity, String fabric, long incarnation, Path home) {
    this.identity = identity;
    this.fabric = fabric;
    this.incarnation = incarnation;
    this.home = home;
  }

  @Override
  public NodeId id() {
    return identity.self().id();
  }

  @Override
  public String name() {
    return identity.self().name();
  }

  @Override
  public String fabric() {
    return fabric;
  }

  @Override
  public String version() {
    return "0.0.0-test";
  }

  /** Labels from now on. */
  public FakeNode labels(Map<String, String> next) {
    labels = Map.copyOf(next);
    return this;
  }

  @Override
  public Map<String, String> labels() {
    return labels;
  }

  @Override
  public NodeState state() {
    return NodeState.ready;
  }

  @Override
  public Instant startedAt() {
    return Instant.EPOCH;
  }

  @Override
  public Path home() {
    return home;
  }

  @Override
  public String sharedDigest() {
    return "000000000000";
  }

  @Override
  public long incarnation() {
    return incarnation;
  }

  @Override
  public CompletionStage<Void> leave(Duration bound) {
    return CompletableFuture.completedStage(null);
  }
}
