package io.weft.dcs.raft.wire;

import io.weft.channel.ByteStream;
import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.channel.Fabric;
import io.weft.dcs.raft.wire.CallFailed.Kind;
import io.weft.node.Registration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where calls of other nodes come in. */
public final class Door implements AutoCloseable {

  /** Answers calls. */
  public interface Handler {

    /**
     * On the executor, where it may block for a little while.
     *
     * @param peer who calls; proven by its link
     * @return fails with {@link CallFailed} for what the caller should know
     */
    CompletionStage<byte[]> handle(String peer, Traffic traffic, int type, byte[] payload) throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(Door.class);
  private static final int RUNNING_MAX = 2_000;

  private final Handler handler;
  private final Executor executor;
  private final Registration exposed;
  private final Set<FrameStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public Door(String service, Fabric fabric, Handler handler, Executor executor) {
    this.handler = handler;
    this.executor = executor;
    this.exposed = fabric.expose(new ExposedService(service, ChannelKind.stream, "dcs.raft", Set.of("*")), this::serve);
  }

  private void serve(ByteStream stream) {
    ByteBuffer first = ByteBuffer.allocate(1);
    stream.read(first).whenComplete((count, failure) -> {
      int kind = failure == null && count == 1 ? first.get(0) & 0xff : -1;
      if (kind < 0 || kind >= Traffic.values().length || closed) {
        stream.abort("no such traffic");
        return;
      }
      serve(stream, Traffic.values()[kind]);
    });
  }

  private void serve(ByteStream stream, Traffic traffic) {
    String peer = stream.peer();
    AtomicInteger running = new AtomicInteger();
    FrameStream[] self = new FrameStream[1];
    self[0] = new FrameStream(stream, traffic.frameMax(), frame -> {
      if (frame.kind() != Frame.Kind.REQUEST) {
        throw new IllegalArgumentException("an answer to nothing");
      }
      if (running.incrementAndGet() > RUNNING_MAX) {
        running.decrementAndGet();
        self[0].send(Failures.encode(frame.call(), new CallFailed(Kind.UNAVAILABLE, "too many calls at once")));
        return;
      }
      executor.execute(() -> answer(peer, traffic, frame).whenComplete((answer, failure) -> {
        running.decrementAndGet();
        self[0].send(failure == null
            ? new Frame(Frame.Kind.ANSWER, frame.call(), 0, answer) : Failures.encode(frame.call(), failure));
      }));
    }, why -> {
      open.remove(self[0]);
      log.debug("stream over peer={} traffic={} problem=\"{}\"", peer, traffic, why.getMessage());
    });
    open.add(self[0]);
    self[0].start();
    if (closed) {
      self[0].close();
    }
  }

  private CompletableFuture<byte[]> answer(String peer, Traffic traffic, Frame frame) {
    try {
      return handler.handle(peer, traffic, frame.type(), frame.payload()).toCompletableFuture();
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(new CallFailed(Kind.REFUSED, String.valueOf(e.getMessage()), e));
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    exposed.close();
    open.forEach(FrameStream::close);
  }
}
