package org.example.tlslinks;

import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.CandidateKind;
import io.weft.path.Path;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The way to one TCP address, which stays where it is. */
final class TcpPath implements Path {

  static final String NETWORK = "tcp";

  private final InetSocketAddress remote;
  private final CompletableFuture<Reason> ended = new CompletableFuture<>();

  TcpPath(InetSocketAddress remote) {
    this.remote = remote;
  }

  static PathInfo info(InetSocketAddress remote) {
    String host = remote.getAddress().getHostAddress();
    String text = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + remote.getPort();
    return new PathInfo(NETWORK, PathType.direct, CandidateKind.host, CandidateKind.host, text);
  }

  @Override
  public PathInfo info() {
    return info(remote);
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
