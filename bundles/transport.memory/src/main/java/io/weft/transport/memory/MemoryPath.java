package io.weft.transport.memory;

import io.netty.channel.local.LocalAddress;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.Path;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The way to the node with a name; it never changes. */
final class MemoryPath implements Path {

  private final String node;
  private final CompletableFuture<Reason> ended = new CompletableFuture<>();

  MemoryPath(String node) {
    this.node = node;
  }

  static PathInfo info(String node) {
    return new PathInfo(Candidate.MEMORY, PathType.direct, CandidateKind.host, CandidateKind.host, node);
  }

  String node() {
    return node;
  }

  @Override
  public PathInfo info() {
    return info(node);
  }

  @Override
  public SocketAddress remote() {
    return new LocalAddress(node);
  }

  @Override
  public Registration onChange(Consumer<Path> listener) {
    return () -> {};
  }

  @Override
  public CompletionStage<Reason> ended() {
    return ended.minimalCompletionStage();
  }

  @Override
  public void close() {
    ended.complete(Reason.of("closed"));
  }
}
