package io.weft.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.node.PeerIdentity;
import io.weft.node.Registration;
import io.weft.path.Path;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/** Endpoints, links and streams for {@link TransportContract}, without its opinions. */
public abstract class TransportHarness {

  /** The longest that anything here takes on a busy machine. */
  protected static final Duration SOON = Duration.ofSeconds(20);

  private static final int CHUNK = 16 * 1024;
  private final Deque<TransportEndpoint> endpoints = new ArrayDeque<>();
  private final List<FakeLinkHandler> handlers = new CopyOnWriteArrayList<>();
  private final List<ByteBuf> written = new CopyOnWriteArrayList<>();

  /** Both ends of a link. */
  protected record Pair(Link near, FakeLinkHandler nearHandler, Link far, FakeLinkHandler farHandler) {}

  /** Accepts those that it expects and keeps what it accepted. */
  protected static final class Doorman implements LinkAcceptor {

    private final Function<String, Optional<PeerIdentity>> expected;
    private final Supplier<FakeLinkHandler> handlers;
    private final List<FakeLinkHandler> accepted = new CopyOnWriteArrayList<>();

    Doorman(Function<String, Optional<PeerIdentity>> expected, Supplier<FakeLinkHandler> handlers) {
      this.expected = expected;
      this.handlers = handlers;
    }

    @Override
    public Optional<PeerIdentity> expected(String name) {
      return expected.apply(name);
    }

    @Override
    public LinkHandler accepted(Link link) {
      FakeLinkHandler handler = handlers.get().on(link);
      accepted.add(handler);
      return handler;
    }

    List<FakeLinkHandler> accepted() {
      return accepted;
    }
  }

  /** A transport of a new node with this identity, ready to dial and to accept. */
  protected abstract TransportEndpoint endpoint(FakeIdentity identity) throws Exception;

  /** A member of the fabric that all tests use. */
  protected static FakeIdentity member(String name) {
    return new FakeIdentity("test", name);
  }

  /** A key that belongs to nobody. */
  protected static PeerIdentity impostor(String name) {
    return PeerIdentity.of(name, FakeCertificates.raw(FakeCertificates.keys("impostor/" + name).getPublic()));
  }

  protected final TransportEndpoint open(FakeIdentity identity) {
    try {
      TransportEndpoint endpoint = endpoint(identity);
      endpoints.push(endpoint);
      return endpoint;
    } catch (Exception e) {
      throw new AssertionError("cannot make an endpoint", e);
    }
  }

  /** Accepts every member; streams of peers are given to {@code streams}. */
  protected final Doorman accept(TransportEndpoint at, LinkLimits limits, Function<Stream, FakeStreamHandler> streams) {
    return accept(at, limits, name -> member("any").expected(name), streams).doorman();
  }

  /** An acceptor and what takes it back. */
  protected record Acceptance(Doorman doorman, Registration registration) {}

  protected final Acceptance accept(TransportEndpoint at, LinkLimits limits, Function<String, Optional<PeerIdentity>> expected,
      Function<Stream, FakeStreamHandler> streams) {
    Doorman doorman = new Doorman(expected, () -> handler(streams));
    return new Acceptance(doorman, at.transport().accept(limits, doorman));
  }

  protected final FakeLinkHandler handler(Function<Stream, FakeStreamHandler> streams) {
    FakeLinkHandler handler = new FakeLinkHandler(streams);
    handlers.add(handler);
    return handler;
  }

  protected final Pair pair(LinkLimits limits, Function<Stream, FakeStreamHandler> nearStreams,
      Function<Stream, FakeStreamHandler> farStreams) {
    TransportEndpoint near = open(member("a"));
    TransportEndpoint far = open(member("b"));
    Doorman doorman = accept(far, limits, farStreams);
    return dial(near, near.pathTo(far), member("b").self(), limits, doorman, nearStreams);
  }

  /** A link whose far side echoes what it gets and finishes when it was finished. */
  protected final Pair echoing() {
    return pair(LinkLimits.DEFAULT, s -> new FakeStreamHandler(), s -> new Echo());
  }

  protected final Pair dial(TransportEndpoint from, Path path, PeerIdentity to, LinkLimits limits, Doorman doorman,
      Function<Stream, FakeStreamHandler> streams) {
    int before = doorman.accepted().size();
    FakeLinkHandler handler = handler(streams);
    Link link = get(from.transport().open(to, path, limits, handler).thenApply(l -> {
      handler.on(l);
      return l;
    }));
    Await.until("the acceptor", SOON, () -> doorman.accepted().size() > before);
    FakeLinkHandler far = doorman.accepted().get(doorman.accepted().size() - 1);
    return new Pair(link, handler, far.link(), far);
  }

  /** The code of the reason with which opening fails. */
  protected static String failure(CompletableFuture<Link> opening) {
    try {
      Link link = opening.get(SOON.toSeconds(), TimeUnit.SECONDS);
      throw new AssertionError("a link came up to " + link.peer());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HandshakeFailed failed) {
        return failed.reason().code();
      }
      throw new AssertionError("failed with something else", e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("neither opened nor failed", e);
    }
  }

  protected static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(SOON.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("nothing came of it", e);
    }
  }

  /** Runs it on the link's loop and waits. */
  protected static <T> T on(Link link, Callable<T> task) {
    CompletableFuture<T> done = new CompletableFuture<>();
    link.loop().execute(() -> {
      try {
        done.complete(task.call());
      } catch (Exception | AssertionError e) {
        done.completeExceptionally(e);
      }
    });
    return get(done);
  }

  protected final Stream stream(Link link, StreamHandler handler) {
    CompletableFuture<Stream> opening = on(link, () -> link.openStream(handler));
    return get(opening);
  }

  /** Writes {@code size} bytes of the pattern {@code seed}, and flushes. The buffers are checked when the test ends. */
  protected final void send(Stream stream, int seed, int size) {
    on(stream.link(), () -> {
      for (int at = 0; at < size; at += CHUNK) {
        stream.write(tracked(pattern(seed, at, Math.min(CHUNK, size - at))));
      }
      stream.flush();
      return null;
    });
  }

  /** A buffer that must be free when the test is over. */
  protected final ByteBuf tracked(byte[] content) {
    ByteBuf buffer = Unpooled.directBuffer(Math.max(1, content.length)).writeBytes(content);
    written.add(buffer);
    return buffer;
  }

  protected static byte[] pattern(int seed, int from, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      int at = from + i;
      bytes[i] = (byte) (seed + at + (at >> 8) * 31 + (at >> 16) * 7);
    }
    return bytes;
  }

  /** As {@link FakeStreamHandler#sha} of the pattern. */
  protected static String shaOf(int seed, int size) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int at = 0; at < size; at += CHUNK) {
        digest.update(pattern(seed, at, Math.min(CHUNK, size - at)));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Closes everything and checks what holds for every test: promises kept, buffers freed. */
  @AfterEach
  final void closeAll() {
    while (!endpoints.isEmpty()) {
      endpoints.pop().close();
    }
    List<String> violations = new ArrayList<>();
    handlers.forEach(h -> violations.addAll(h.violations()));
    if (!violations.isEmpty()) {
      throw new AssertionError("promises broken: " + violations);
    }
    Await.until("all buffers to be freed", SOON, () -> written.stream().allMatch(b -> b.refCnt() == 0));
  }

  /** Sends back what comes, and the end. */
  protected static class Echo extends FakeStreamHandler {

    @Override
    public void data(Stream from, ByteBuf bytes) {
      ByteBuf back = bytes.retainedDuplicate();
      super.data(from, bytes);
      from.write(back);
    }

    @Override
    public void readComplete(Stream from) {
      super.readComplete(from);
      from.flush();
    }

    @Override
    public void finished(Stream from) {
      super.finished(from);
      from.flush();
      from.finish();
    }
  }
}
