package io.weft.transport.quic;

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

/** A way to one UDP address, which stays where it is and never knows whether it leads anywhere. */
final class UdpPath implements Path {

  private final InetSocketAddress remote;
  private final PathInfo info;
  private final CompletableFuture<Reason> ended = new CompletableFuture<>();

  UdpPath(InetSocketAddress remote, CandidateKind kind) {
    this.remote = remote;
    this.info = new PathInfo(Candidate.UDP, PathType.direct, CandidateKind.host, kind, text(remote));
  }

  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  @Override
  public PathInfo info() {
    return info;
  }

  @Override
  public SocketAddress remote() {
    return remote;
  }

  @Override
  public Registration onChange(Consumer<Path> listener) {
    return () -> {};
  }

  @Override
  public CompletionStage<Reason> ended() {
    return ended.copy();
  }

  @Override
  public void close() {
    ended.complete(Reason.of("closed"));
  }
}
