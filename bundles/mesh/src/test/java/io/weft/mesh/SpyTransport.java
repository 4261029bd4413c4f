package io.weft.mesh;

import io.weft.node.PeerIdentity;
import io.weft.node.Registration;
import io.weft.path.Path;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.Transport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers every link of another transport. */
final class SpyTransport implements Transport {

  private final Transport transport;
  private final List<Link> links = new CopyOnWriteArrayList<>();

  SpyTransport(Transport transport) {
    this.transport = transport;
  }

  List<Link> open() {
    return links.stream().filter(Link::isOpen).toList();
  }

  @Override
  public String name() {
    return transport.name();
  }

  @Override
  public boolean carries(Path path) {
    return transport.carries(path);
  }

  @Override
  public CompletableFuture<Link> open(PeerIdentity peer, Path path, LinkLimits limits, LinkHandler handler) {
    CompletableFuture<Link> opening = transport.open(peer, path, limits, handler);
    opening.thenAccept(links::add);
    return opening;
  }

  @Override
  public Registration accept(LinkLimits limits, LinkAcceptor acceptor) {
    return transport.accept(limits, new LinkAcceptor() {
      @Override
      public Optional<PeerIdentity> expected(String name) {
        return acceptor.expected(name);
      }

      @Override
      public LinkHandler accepted(Link link) {
        links.add(link);
        return acceptor.accepted(link);
      }
    });
  }

  @Override
  public Map<String, Long> counters() {
    return transport.counters();
  }
}
