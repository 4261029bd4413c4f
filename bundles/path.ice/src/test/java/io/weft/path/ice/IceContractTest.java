package io.weft.path.ice;

import io.weft.node.PeerIdentity;
import io.weft.path.Candidate;
import io.weft.path.Path;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import io.weft.testkit.PathSourceContract;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;

class IceContractTest extends PathSourceContract {

  private final MemorySignals signals = new MemorySignals();
  private final Side a = new Side("a", signals);
  private final Side b = new Side("b", signals);

  /** As the component has it. */
  private final PathSource source =
      new PathSource() {

        @Override
        public String name() {
          return "ice";
        }

        @Override
        public boolean understands(Candidate candidate) {
          return candidate.network().equals(Candidate.UDP);
        }

        @Override
        public boolean reaches(PeerIdentity peer) {
          return true;
        }

        @Override
        public CompletableFuture<Path> find(PathRequest request) {
          // The contract's request without candidates stands for a peer that nobody reaches.
          signals.down(request.candidates().isEmpty());
          return a.ice.find(request);
        }
      };

  @Override
  protected PathSource source() {
    return source;
  }

  @Override
  protected PathRequest reachable() {
    InetSocketAddress there = b.transport.local().get(0);
    Candidate known = Candidate.udp(there.getAddress().getHostAddress(), there.getPort());
    PathRequest plain = a.to(b, 1);
    return new PathRequest(plain.peer(), List.of(known), 1, plain.controlling());
  }

  @AfterEach
  void close() {
    a.close();
    b.close();
  }
}
