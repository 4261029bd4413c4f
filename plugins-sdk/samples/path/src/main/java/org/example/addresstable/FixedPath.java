package org.example.addresstable;

import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.Path;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A way to one UDP address, which stays where it is. */
final class FixedPath implements Path {

  private final InetSocketAddress remote;
  private final PathInfo info;
  private final CompletableFuture<Reason> ended = new CompletableFuture<>();

  FixedPath(InetSocketAddress remote, CandidateKind kind) {
    this.remote = remote;
    String host = remote.getAddress().getHostAddress();
    String text = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + remote.getPort();
    this.info = new PathInfo(Candidate.UDP, PathType.direct, CandidateKind.host, kind, text);
  }

  @Override
  public PathInfo info() {
    return info;
  }

  @Override
  public SocketAddress remote() {
    return remote;
  }

  /** It never changes. */
  @Override
  public Registration onChange(Consumer<Path> listener) {
    return () -> {};
  }

  @Override
  public CompletionStage<Reason> ended() {
    return ended.copy(); // a copy: nobody else can end it
  }

  @Override
  public void close() {
    ended.complete(Reason.of("closed"));
  }
}
