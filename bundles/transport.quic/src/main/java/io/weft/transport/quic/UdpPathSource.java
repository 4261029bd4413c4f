package io.weft.transport.quic;

import io.netty.util.NetUtil;
import io.weft.node.Reason;
import io.weft.path.Candidate;
import io.weft.path.NoPath;
import io.weft.path.Path;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Paths straight to a known UDP address. Whether it leads anywhere, the handshake shows; so each attempt takes the next candidate
 * in turn, best first.
 */
@Component(name = "weft.transport.quic.udp")
public final class UdpPathSource implements PathSource {

  @Activate
  public UdpPathSource() {}

  @Override
  public String name() {
    return "udp";
  }

  @Override
  public boolean understands(Candidate candidate) {
    return candidate.network().equals(Candidate.UDP) && candidate.port() > 0 && bytes(candidate.host()) != null;
  }

  @Override
  public CompletableFuture<Path> find(PathRequest request) {
    List<Candidate> known = request.candidates().stream().filter(this::understands).toList();
    if (known.isEmpty()) {
      return CompletableFuture.failedFuture(
          new NoPath(Reason.of("no_candidates", "no UDP address of " + request.peer().name() + " is known")));
    }
    Candidate next = known.get((int) Math.floorMod(request.attempt(), (long) known.size()));
    try {
      InetAddress address = InetAddress.getByAddress(bytes(next.host()));
      return CompletableFuture.completedFuture(new UdpPath(new InetSocketAddress(address, next.port()), next.kind()));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address literal has 4 or 16 bytes", e);
    }
  }

  /** Literals only: a look-up would block, and names are the business of discovery. */
  private static byte @org.jspecify.annotations.Nullable [] bytes(String host) {
    return NetUtil.createByteArrayFromIpAddressString(host);
  }
}
