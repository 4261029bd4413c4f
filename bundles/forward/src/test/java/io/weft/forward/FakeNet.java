package io.weft.forward;

import io.netty.channel.EventLoop;
import io.weft.channel.ByteStream;
import io.weft.channel.ChannelFailed;
import io.weft.channel.ChannelInfo;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.channel.ExposedService;
import io.weft.channel.Fabric;
import io.weft.channel.ServiceInfo;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import io.weft.transport.Io;
import io.weft.transport.RawChannels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Nodes with channels between them and nothing below: the agreements of {@link RawChannels} without a link. */
final class FakeNet implements Underlay {

  private final Io io;
  private final Map<String, Node> nodes = new ConcurrentHashMap<>();
  final Set<FakeChannel> open = ConcurrentHashMap.newKeySet();

  private final Set<String> down = ConcurrentHashMap.newKeySet();

  FakeNet(Io io) {
    this.io = io;
  }

  private Node node(String name) {
    return nodes.computeIfAbsent(name, Node::new);
  }

  @Override
  public Io io(String node) {
    return io;
  }

  @Override
  public RawChannels channels(String node) {
    return node(node);
  }

  @Override
  public Fabric fabric(String node) {
    return node(node);
  }

  @Override
  public void lose() {
    open.forEach(c -> c.loop().execute(() -> c.abort(Reason.of("link_down"))));
  }

  @Override
  public void down(String peer) {
    down.add(peer);
  }

  @Override
  public void up(String peer) {
    down.remove(peer);
  }

  @Override
  public boolean isQuiet() {
    return open.isEmpty();
  }

  @Override
  public void close() {
    io.loops().shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
  }

  private static PeerIdentity identity(String name) {
    return PeerIdentity.of(name, Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 32));
  }

  private static void fail(CompletableFuture<RawChannel> result, ChannelOutcome outcome) {
    result.completeExceptionally(new ChannelFailed(outcome, ""));
  }

  private record Served(ExposedService service, RawChannels.Acceptor acceptor) {}

  /** What a node sees of the net. */
  final class Node implements RawChannels, Fabric {

    private final String name;
    private final Map<String, Served> services = new ConcurrentHashMap<>();

    private Node(String name) {
      this.name = name;
    }

    @Override
    public CompletableFuture<RawChannel> open(
        String peer, String service, ChannelKind kind, String origin, Duration deadline, RawChannelHandler handler) {
      CompletableFuture<RawChannel> result = new CompletableFuture<>();
      EventLoop loop = io.loops().next();
      loop.execute(() -> {
        Node there = nodes.get(peer);
        Served served = there == null ? null : there.services.get(kind + "/" + service);
        if (there == null) {
          fail(result, ChannelOutcome.unknown_peer);
        } else if (down.contains(peer)) {
          fail(result, ChannelOutcome.link_down);
        } else if (served == null) {
          fail(result, ChannelOutcome.unknown_service);
        } else if (!served.service.allows(name)) {
          fail(result, ChannelOutcome.refused);
        } else {
          FakeChannel near = new FakeChannel(FakeNet.this, loop, identity(peer), service, kind, origin);
          FakeChannel far = new FakeChannel(FakeNet.this, loop, identity(name), service, kind, origin);
          near.connect(far, handler);
          offer(near, far, served, deadline, result);
        }
      });
      return result;
    }

    private void offer(FakeChannel near, FakeChannel far, Served served, Duration deadline, CompletableFuture<RawChannel> result) {
      far.loop().schedule(() -> {
        if (!result.isDone()) {
          fail(result, ChannelOutcome.timeout);
          far.abort(Reason.of("timeout"));
        }
      }, deadline.toMillis(), TimeUnit.MILLISECONDS);
      result.whenComplete((c, e) -> {
        if (result.isCancelled()) {
          far.loop().execute(() -> far.abort(Reason.of("cancelled")));
        }
      });
      far.onAnswer = (outcome, detail) -> {
        if (outcome != ChannelOutcome.open) {
          near.forget();
          result.completeExceptionally(new ChannelFailed(outcome, detail));
        } else if (!result.complete(near)) {
          far.abort(Reason.of("cancelled"));
        }
      };
      RawChannelHandler first = served.acceptor.offered(far);
      far.handler(first);
    }

    @Override
    public Registration serve(ExposedService service, Acceptor acceptor) {
      String key = service.kind() + "/" + service.name();
      Served served = new Served(service, acceptor);
      if (services.putIfAbsent(key, served) != null) {
        throw new IllegalStateException(service.name() + " is served already");
      }
      return new Serving(key, served);
    }

    @Override
    public Registration serve(ExposedService service, Acceptor acceptor, Registration inPlaceOf) {
      if (inPlaceOf instanceof Serving before) {
        Served served = new Served(service, acceptor);
        if (services.replace(before.key, before.served, served)) {
          return new Serving(before.key, served);
        }
      }
      return serve(service, acceptor);
    }

    private final class Serving implements Registration {

      private final String key;
      private final Served served;

      Serving(String key, Served served) {
        this.key = key;
        this.served = served;
      }

      @Override
      public void close() {
        services.remove(key, served);
      }
    }

    @Override
    public List<ServiceInfo> services() {
      Map<String, ServiceInfo> known = new TreeMap<>();
      for (Node other : nodes.values()) {
        if (other != this && !down.contains(other.name)) {
          other.services.forEach((key, s) -> known.merge(
              key,
              new ServiceInfo(s.service.name(), s.service.kind(), false, null, List.of(other.name)),
              (x, y) -> new ServiceInfo(
                  x.name(), x.kind(), false, null, Stream.concat(x.peers().stream(), y.peers().stream()).sorted().toList())));
        }
      }
      return List.copyOf(known.values());
    }

    @Override
    public CompletableFuture<ByteStream> open(String peer, String service, Duration deadline) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Registration expose(ExposedService service, Consumer<ByteStream> handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ChannelInfo> channels() {
      return List.of();
    }
  }
}
