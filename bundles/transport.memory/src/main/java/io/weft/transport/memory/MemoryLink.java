package io.weft.transport.memory;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.weft.node.Clock;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.path.PathInfo;
import io.weft.transport.Link;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.LinkStats;
import io.weft.transport.NoStream;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One end of a link. Its state belongs to {@link #loop}; the two ends share two wires and two counts of what is on them. */
final class MemoryLink implements Link, Wire.Receiver {

  /** What an end of a link is made from. */
  record Terms(
      LinkLimits limits, int peerStreamsMax, int datagramMax, int windowBytes, Clock clock, Timers timers, AtomicLong dropped) {}

  private static final Logger log = LoggerFactory.getLogger(MemoryLink.class);

  private final PeerIdentity peer;
  private final PathInfo path;
  private final boolean dialed;
  private final EventLoop loop;
  private final Terms terms;
  private final Consumer<MemoryLink> onClosed;
  private final Map<Long, MemoryStream> streams = new HashMap<>();
  private final List<MemoryStream> touched = new ArrayList<>();
  private List<Frame> outgoing = new ArrayList<>();
  private Wire in;
  private Wire out;
  private Flight sent;
  private Flight received;
  private @Nullable LinkHandler handler;
  private Registration idleTimer = () -> {};
  private long nextStream;
  private long newestOfPeer = -1;
  private int openedHere;
  private volatile boolean open = true;
  private volatile long bytesSent;
  private volatile long bytesReceived;
  private volatile long packetsSent;
  private volatile long datagramsDropped;
  private volatile long lastReceived;

  /** @param onClosed called once, after the last event */
  MemoryLink(PeerIdentity peer, boolean dialed, EventLoop loop, Terms terms, Consumer<MemoryLink> onClosed) {
    this.peer = peer;
    this.path = MemoryPath.info(peer.name());
    this.dialed = dialed;
    this.loop = loop;
    this.terms = terms;
    this.onClosed = onClosed;
    this.nextStream = dialed ? 0 : 1;
    this.lastReceived = terms.clock().nanos();
  }

  /** Before anything else: what the two ends share. */
  void connect(Wire in, Wire out, Flight sent, Flight received) {
    this.in = in;
    this.out = out;
    this.sent = sent;
    this.received = received;
  }

  /** From here on the handler gets events. */
  void start(Function<Link, LinkHandler> acceptor) {
    watchSilence(terms.limits().idleTimeout());
    guarded(() -> handler = acceptor.apply(this));
  }

  /** Closes it without a word to the handler, which never knew it. */
  void abandon(Reason reason) {
    handler = null;
    close(reason, false);
  }

  @Override
  public PeerIdentity peer() {
    return peer;
  }

  @Override
  public String transport() {
    return MemoryTransport.NAME;
  }

  @Override
  public PathInfo path() {
    return path;
  }

  @Override
  public boolean dialed() {
    return dialed;
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public LinkStats stats() {
    return new LinkStats(-1, bytesSent, bytesReceived, packetsSent, 0, 0, datagramsDropped, lastReceived);
  }

  @Override
  public CompletableFuture<Stream> openStream(StreamHandler streamHandler) {
    if (!open) {
      return CompletableFuture.failedFuture(new NoStream(Reason.of("closed")));
    }
    if (openedHere >= terms.peerStreamsMax()) {
      return CompletableFuture.failedFuture(new NoStream(Reason.of("limit", "the peer allows " + openedHere + " streams")));
    }
    MemoryStream stream = new MemoryStream(this, nextStream, true, streamHandler);
    nextStream += 2;
    openedHere++;
    streams.put(stream.number(), stream);
    return CompletableFuture.completedFuture(stream);
  }

  @Override
  public int datagramMax() {
    return terms.datagramMax();
  }

  @Override
  public boolean sendDatagram(ByteBuf payload) {
    int size = payload.readableBytes();
    boolean full = !sent.tryAddDatagram(terms.limits().datagramQueueMax());
    if (full || !open || size > terms.datagramMax() || out.isBlocked()) {
      if (!full) {
        sent.datagramArrived();
      }
      payload.release();
      datagramsDropped++;
      terms.dropped().incrementAndGet();
      return false;
    }
    bytesSent += size;
    if (out.losesDatagram()) {
      sent.datagramArrived();
      payload.release();
    } else {
      put(List.of(new Frame.Datagram(payload)));
    }
    return true;
  }

  @Override
  public void close(Reason reason) {
    run(() -> close(reason, false));
  }

  /** The process of this end is gone, as far as both ends can tell. Any thread. */
  void die() {
    open = false;
    in.cut();
    out.cut();
    run(() -> {
      idleTimer.close();
      dropOutgoing();
    });
  }

  /** The network lets frames through again. Any thread. */
  void resume() {
    in.resume();
  }

  // For the streams of this link, on its loop.

  boolean isWritable(MemoryStream stream) {
    return sent.hasRoom(terms.windowBytes(), () -> later(stream::becameWritable));
  }

  void queue(Frame.Bytes bytes) {
    int size = bytes.content().readableBytes();
    sent.add(size);
    bytesSent += size;
    outgoing.add(bytes);
  }

  void queue(Frame frame) {
    outgoing.add(frame);
  }

  void flush() {
    if (!outgoing.isEmpty()) {
      List<Frame> frames = outgoing;
      outgoing = new ArrayList<>();
      put(frames);
    }
  }

  /** Forgets what a stream queued and has not flushed. */
  void dropOutgoing(MemoryStream stream) {
    outgoing.removeIf(frame -> {
      boolean drop = frame instanceof Frame.Bytes bytes && bytes.stream() == stream.number();
      if (drop) {
        sent.arrived(((Frame.Bytes) frame).content().readableBytes(), terms.windowBytes());
        frame.discard();
      }
      return drop;
    });
  }

  /** A stream is over; its last event is on its way. */
  void forget(MemoryStream stream) {
    streams.remove(stream.number());
    if (!stream.isOpenedHere() && open) {
      queue(new Frame.Retired(stream.number()));
      flush();
    }
  }

  /** Later on the loop, so that no handler is called from within a call that it makes. Any thread. */
  void later(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("event lost, loop is shut down peer={}", peer.name(), e);
    }
  }

  // What arrives.

  @Override
  public void frames(ArrayDeque<Frame> frames) {
    lastReceived = terms.clock().nanos();
    long bytes = 0;
    for (Frame frame : frames) {
      if (!open) {
        frame.discard();
      } else if (frame instanceof Frame.Bytes data) {
        bytes += data.content().readableBytes();
        stream(data.stream(), stream -> stream.arrived(data.content()), data);
      } else if (frame instanceof Frame.Finish finish) {
        stream(finish.stream(), MemoryStream::peerFinished, finish);
      } else if (frame instanceof Frame.Reset reset) {
        stream(reset.stream(), stream -> stream.peerReset(reset.code()), reset);
      } else if (frame instanceof Frame.Retired) {
        openedHere--;
      } else if (frame instanceof Frame.Datagram datagram) {
        received.datagramArrived();
        bytesReceived += datagram.content().readableBytes();
        guarded(() -> handler.datagram(datagram.content()));
      } else if (frame instanceof Frame.Close close) {
        close(close.reason(), true);
      }
    }
    bytesReceived += bytes;
    received.arrived(bytes, terms.windowBytes());
    touched.forEach(MemoryStream::readComplete);
    touched.clear();
  }

  private void stream(long number, Consumer<MemoryStream> event, Frame frame) {
    MemoryStream stream = streams.get(number);
    if (stream == null && isNewOfPeer(number)) {
      newestOfPeer = number;
      MemoryStream offered = new MemoryStream(this, number, false, null);
      streams.put(number, offered);
      guarded(() -> offered.handler(handler.stream(offered)));
      stream = open ? offered : null;
    }
    if (stream == null) {
      frame.discard(); // It is over on this side; the peer learns so from the reset that is on its way.
      return;
    }
    if (stream.touch()) {
      touched.add(stream);
    }
    event.accept(stream);
  }

  private boolean isNewOfPeer(long number) {
    return (number & 1) != (dialed ? 0 : 1) && number > newestOfPeer;
  }

  private void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      log.error("link handler failed peer={}", peer.name(), e);
      close(Reason.of("internal_error"), false);
    }
  }

  private void put(List<Frame> frames) {
    packetsSent++;
    out.put(frames);
  }

  private void watchSilence(Duration wait) {
    idleTimer = terms.timers().after(wait, loop, () -> {
      long left = terms.limits().idleTimeout().toNanos() - (terms.clock().nanos() - lastReceived);
      if (!open) {
        return;
      }
      if (left > 0) {
        watchSilence(Duration.ofNanos(left));
      } else {
        out.cut(); // Whoever does not answer is not told.
        close(Reason.of("idle_timeout", "nothing came for " + terms.limits().idleTimeout().toMillis() + " ms"), false);
      }
    });
  }

  private void close(Reason reason, boolean byPeer) {
    if (!open) {
      return;
    }
    open = false;
    idleTimer.close();
    dropOutgoing();
    if (!byPeer) {
      out.put(List.of(new Frame.Close(reason)));
    }
    in.cut();
    List.copyOf(streams.values()).forEach(MemoryStream::linkClosed);
    later(() -> {
      onClosed.accept(this);
      if (handler != null) {
        guarded(() -> handler.closed(reason, byPeer));
      }
    });
  }

  private void dropOutgoing() {
    outgoing.forEach(Frame::discard);
    outgoing.clear();
  }

  private void run(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      later(task);
    }
  }
}
