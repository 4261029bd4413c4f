package io.weft.transport.quic;

import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.Path;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Link;
import io.weft.transport.LinkHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An attempt to open a link, until it is up, failed, timed out or cancelled; whatever comes later is closed. On the loop. */
final class Dialing implements QuicLink.Owner {

  private final UdpPort port;
  private final CompletableFuture<Link> result;
  private final LinkHandler handler;
  private final Route route;
  private final Registration pathChanges;
  private Registration timer = () -> {};
  private @Nullable QuicLink link;

  Dialing(UdpPort port, Route route, Path path, LinkHandler handler, CompletableFuture<Link> result) {
    this.port = port;
    this.route = route;
    this.handler = handler;
    this.result = result;
    this.pathChanges = path.onChange(changed -> port.loop().execute(() -> retarget(changed.remote())));
  }

  void start(QuicLink attempt, Duration timeout) {
    link = attempt;
    timer =
        port.timers().after(timeout, port.loop(), () -> {
          port.counters().add(Counters.HANDSHAKES_TIMED_OUT);
          attempt.close(Reason.of("unreachable", "nothing came of the handshake within " + timeout.toMillis() + " ms"));
        });
    result.whenComplete(
        (done, failure) -> {
          if (result.isCancelled()) {
            attempt.close(Reason.of("cancelled"));
          }
        });
  }

  private void retarget(SocketAddress to) {
    if (to instanceof InetSocketAddress address) {
      route.retarget(address);
    }
  }

  @Override
  public LinkHandler ready(QuicLink up) {
    timer.close();
    return handler;
  }

  @Override
  public void up(QuicLink up) {
    port.counters().add(Counters.HANDSHAKES_COMPLETED);
    if (!result.complete(up)) {
      up.close(Reason.of("cancelled"));
    }
  }

  @Override
  public void failed(Reason reason, boolean byPeer) {
    port.counters().refused(reason.code());
    result.completeExceptionally(new HandshakeFailed(reason));
  }

  @Override
  public void gone(QuicLink over) {
    timer.close();
    pathChanges.close();
    port.gone(over, route);
  }
}
