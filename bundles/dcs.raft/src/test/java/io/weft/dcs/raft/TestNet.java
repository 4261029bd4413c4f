package io.weft.dcs.raft;

import io.weft.channel.ByteStream;
import io.weft.channel.ChannelFailed;
import io.weft.channel.ChannelInfo;
import io.weft.channel.ChannelOutcome;
import io.weft.channel.ExposedService;
import io.weft.channel.Fabric;
import io.weft.channel.ServiceInfo;
import io.weft.node.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * A fabric within the test: streams between named nodes, with windows, one thread for all of them. A node can be silent, so that
 * nothing gets through and nobody is told, or be cut off, which everybody hears of; and what one sends to another can be severed.
 */
final class TestNet implements AutoCloseable {

  private static final int WINDOW = 256 * 1024;

  private final ExecutorService loop = Executors.newSingleThreadExecutor(task -> {
    Thread thread = new Thread(task, "test-net");
    thread.setDaemon(true);
    return thread;
  });
  // All of this belongs to the loop.
  private final Map<String, Map<String, Consumer<ByteStream>>> services = new HashMap<>();
  private final Set<String> silent = new HashSet<>();
  private final Set<String> severed = new HashSet<>();
  private final Set<Stream> streams = new LinkedHashSet<>();
  private final List<Runnable> opensHeld = new ArrayList<>();

  Fabric node(String name) {
    return new NodeFabric(name);
  }

  /** Nothing goes in or out, and nobody is told. */
  void silence(String node) {
    on(() -> silent.add(node));
  }

  void unsilence(String node) {
    on(() -> {
      silent.remove(node);
      goOn();
    });
  }

  /** What {@code from} sends does not arrive at {@code to}, and nobody is told. */
  void sever(String from, String to) {
    on(() -> severed.add(from + ">" + to));
  }

  /** Everything arrives again, also what was sent meanwhile. */
  void heal() {
    on(() -> {
      severed.clear();
      goOn();
    });
  }

  private void goOn() {
    List.copyOf(streams).forEach(Stream::pump);
    List<Runnable> held = List.copyOf(opensHeld);
    opensHeld.clear();
    held.forEach(Runnable::run);
  }

  private boolean arrives(String from, String to) {
    return !silent.contains(from) && !silent.contains(to) && !severed.contains(from + ">" + to);
  }

  /** All its streams break. */
  void cut(String node) {
    on(() -> List.copyOf(streams).stream().filter(s -> s.here.equals(node) || s.peer.equals(node))
        .forEach(s -> s.broken("the link is down")));
  }

  private void on(Runnable task) {
    loop.execute(task);
  }

  @Override
  public void close() {
    loop.shutdown();
  }

  private final class NodeFabric implements Fabric {
    private final String self;

    NodeFabric(String self) {
      this.self = self;
    }

    @Override
    public CompletableFuture<ByteStream> open(String peer, String service, Duration deadline) {
      CompletableFuture<ByteStream> result = new CompletableFuture<>();
      on(() -> open(peer, service, result));
      return result;
    }

    private void open(String peer, String service, CompletableFuture<ByteStream> result) {
      if (!arrives(self, peer) || !arrives(peer, self)) {
        opensHeld.add(() -> open(peer, service, result));
        return;
      }
      Consumer<ByteStream> handler = services.getOrDefault(peer, Map.of()).get(service);
      if (handler == null) {
        result.completeExceptionally(new ChannelFailed(ChannelOutcome.link_down, peer));
        return;
      }
      Stream near = new Stream(self, peer, service);
      Stream far = new Stream(peer, self, service);
      near.other = far;
      far.other = near;
      streams.add(near);
      streams.add(far);
      handler.accept(far);
      result.complete(near);
    }

    @Override
    public Registration expose(ExposedService service, Consumer<ByteStream> handler) {
      on(() -> services.computeIfAbsent(self, s -> new HashMap<>()).put(service.name(), handler));
      return () -> on(() -> services.getOrDefault(self, new HashMap<>()).remove(service.name(), handler));
    }

    @Override
    public List<ServiceInfo> services() {
      return List.of();
    }

    @Override
    public List<ChannelInfo> channels() {
      return List.of();
    }
  }

  /** One end of a stream; what was written here waits here until the other end reads it. */
  private final class Stream implements ByteStream {
    private final String here;
    private final String peer;
    private final String service;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW);
    private Stream other;
    private ByteBuffer writeFrom;
    private CompletableFuture<Void> writing;
    private ByteBuffer readInto;
    private CompletableFuture<Integer> reading;
    private String problem;

    Stream(String here, String peer, String service) {
      this.here = here;
      this.peer = peer;
      this.service = service;
    }

    @Override
    public CompletionStage<Integer> read(ByteBuffer into) {
      CompletableFuture<Integer> result = new CompletableFuture<>();
      on(() -> {
        readInto = into;
        reading = result;
        other.pump();
        failIfBroken();
      });
      return result;
    }

    @Override
    public CompletionStage<Void> write(ByteBuffer from) {
      CompletableFuture<Void> result = new CompletableFuture<>();
      on(() -> {
        writeFrom = from;
        writing = result;
        pump();
        failIfBroken();
      });
      return result;
    }

    /** From the writer here into the window, and from there to the reader at the other end. */
    void pump() {
      if (problem != null) {
        return;
      }
      if (writing != null) {
        while (writeFrom.hasRemaining() && window.hasRemaining()) {
          int count = Math.min(writeFrom.remaining(), window.remaining());
          window.put(writeFrom.slice().limit(count));
          writeFrom.position(writeFrom.position() + count);
        }
        if (!writeFrom.hasRemaining()) {
          CompletableFuture<Void> done = writing;
          writing = null;
          done.complete(null);
        }
      }
      if (other.reading == null || window.position() == 0 || !arrives(here, peer)) {
        return;
      }
      window.flip();
      int count = Math.min(window.remaining(), other.readInto.remaining());
      other.readInto.put(window.slice().limit(count));
      window.position(window.position() + count);
      window.compact();
      CompletableFuture<Integer> done = other.reading;
      other.reading = null;
      done.complete(count);
      if (writing != null) {
        on(this::pump);
      }
    }

    void broken(String why) {
      if (problem == null) {
        problem = why;
        streams.remove(this);
        failIfBroken();
        if (other != null) {
          other.broken(why);
        }
      }
    }

    private void failIfBroken() {
      if (problem == null) {
        return;
      }
      CompletableFuture<Integer> read = reading;
      reading = null;
      if (read != null) {
        read.completeExceptionally(new IOException(problem));
      }
      CompletableFuture<Void> write = writing;
      writing = null;
      if (write != null) {
        write.completeExceptionally(new IOException(problem));
      }
    }

    @Override
    public String peer() {
      return peer;
    }

    @Override
    public String service() {
      return service;
    }

    @Override
    public String origin() {
      return "";
    }

    @Override
    public CompletionStage<Void> finish() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void abort(String detail) {
      on(() -> broken("aborted: " + detail));
    }

    @Override
    public void timeout(Duration timeout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public InputStream input() {
      throw new UnsupportedOperationException();
    }

    @Override
    public OutputStream output() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      abort("closed");
    }
  }
}
