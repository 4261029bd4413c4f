package org.example.tlslinks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
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
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection whose peer has proved who it is. All streams share it, so a packet that is lost holds up all of them; bytes are handed on as
 * they come, and what may be sent is limited by the credit of the mesh. State belongs to the loop.
 */
final class TlsLink extends ChannelInboundHandlerAdapter implements Link {

  /** What a link is made from. */
  record Terms(LinkLimits limits, int peerStreamsMax, Clock clock, Timers timers, AtomicLong dropped) {}

  private static final Logger log = LoggerFactory.getLogger(TlsLink.class);
  /** A peer that takes nothing any more gets this long for the reason; then the connection is cut. */
  private static final Duration FAREWELL = Duration.ofSeconds(3);

  private final Channel channel;
  private final PeerIdentity peer;
  private final boolean dialed;
  private final Terms terms;
  private final PathInfo path;
  private final Consumer<TlsLink> onClosed;
  private final Map<Long, TlsStream> streams = new HashMap<>();
  private final Set<TlsStream> touched = new LinkedHashSet<>();
  private @Nullable LinkHandler handler;
  private Registration silence = () -> {};
  private long nextNumber;
  private long newestOfPeer = -1;
  private int openedHere;
  private int openedThere;
  private int datagramsWaiting;
  private boolean flushes;
  private volatile boolean open = true;
  private volatile long bytesSent;
  private volatile long bytesReceived;
  private volatile long framesSent;
  private volatile long datagramsDropped;
  private volatile long lastReceived;

  /** @param onClosed called once, before the handler hears that it is over */
  TlsLink(Channel channel, PeerIdentity peer, boolean dialed, Terms terms, Consumer<TlsLink> onClosed) {
    this.channel = channel;
    this.peer = peer;
    this.dialed = dialed;
    this.terms = terms;
    this.path = TcpPath.info((InetSocketAddress) channel.remoteAddress());
    this.onClosed = onClosed;
    this.nextNumber = dialed ? 0 : 1;
    this.lastReceived = terms.clock().nanos();
  }

  /** From here on this handler gets the events. */
  void start(LinkHandler given) {
    handler = given;
    watchSilence(terms.limits().idleTimeout());
  }

  @Override
  public PeerIdentity peer() {
    return peer;
  }

  @Override
  public String transport() {
    return TlsLinks.NAME;
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
    return channel.eventLoop();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public LinkStats stats() {
    return new LinkStats(-1, bytesSent, bytesReceived, framesSent, 0, 0, datagramsDropped, lastReceived);
  }

  @Override
  public CompletableFuture<Stream> openStream(StreamHandler given) {
    if (!open || openedHere >= terms.peerStreamsMax()) {
      return CompletableFuture.failedFuture(new NoStream(open ? Reason.of("limit", "the peer allows " + openedHere) : Reason.of("closed")));
    }
    TlsStream stream = new TlsStream(this, nextNumber, true);
    stream.handler(given);
    nextNumber += 2;
    openedHere++;
    streams.put(stream.number(), stream);
    return CompletableFuture.completedFuture(stream);
  }

  @Override
  public int datagramMax() {
    return Frames.PAYLOAD_MAX;
  }

  @Override
  public boolean sendDatagram(ByteBuf payload) {
    int size = payload.readableBytes();
    if (!open || size > Frames.PAYLOAD_MAX || datagramsWaiting >= terms.limits().datagramQueueMax() || !channel.isWritable()) {
      payload.release();
      datagramsDropped++;
      terms.dropped().incrementAndGet();
      return false;
    }
    datagramsWaiting++;
    bytesSent += size;
    framesSent++;
    channel.write(Frames.header(channel.alloc(), Frames.DATAGRAM, 0, size));
    channel.write(payload).addListener(sent -> datagramsWaiting--);
    flushSoon();
    return true;
  }

  @Override
  public void close(Reason reason) {
    if (loop().inEventLoop()) {
      close(reason, false, true);
    } else {
      later(() -> close(reason, false, true));
    }
  }

  // For the streams of this link, on its loop.

  boolean isWritable() {
    return open && channel.isWritable();
  }

  /** Takes over the buffer, and sends it in frames of bounded size. */
  void writeData(long stream, ByteBuf bytes) {
    bytesSent += bytes.readableBytes();
    while (bytes.isReadable()) {
      int size = Math.min(bytes.readableBytes(), Frames.PAYLOAD_MAX);
      framesSent++;
      channel.write(Frames.header(channel.alloc(), Frames.DATA, stream, size));
      channel.write(bytes.readRetainedSlice(size));
    }
    bytes.release();
  }

  void write(int type, long stream) {
    channel.write(Frames.header(channel.alloc(), type, stream, 0));
    flushSoon();
  }

  void writeNumber(int type, long stream, int number) {
    channel.write(Frames.number(channel.alloc(), type, stream, number));
    flushSoon();
  }

  /** Once for all that is written in this turn of the loop. */
  void flushSoon() {
    if (!flushes) {
      flushes = true;
      later(() -> {
        flushes = false;
        channel.flush();
      });
    }
  }

  /** A stream is over; its last event is on its way. */
  void forget(TlsStream stream) {
    streams.remove(stream.number());
    if (!stream.isOpenedHere()) {
      openedThere--;
      if (open) {
        write(Frames.RETIRED, stream.number());
      }
    }
  }

  /** Any thread. */
  void later(Runnable task) {
    try {
      loop().execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("event lost, the loop is shut down peer={}", peer.name(), e);
    }
  }

  // What arrives.

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf frame = (ByteBuf) message;
    try {
      lastReceived = terms.clock().nanos();
      if (open) {
        int type = frame.readUnsignedByte();
        long stream = frame.readLong();
        frame.skipBytes(2);
        received(type, stream, frame);
      }
    } catch (Frames.MalformedFrame e) {
      close(Reason.of("protocol", e.getMessage()), false, true);
    } finally {
      frame.release();
    }
  }

  private void received(int type, long number, ByteBuf payload) {
    bytesReceived += payload.readableBytes();
    switch (type) {
      case Frames.DATA -> {
        TlsStream stream = stream(number);
        if (stream != null) {
          stream.arrived(payload.readRetainedSlice(payload.readableBytes()));
        }
      }
      case Frames.FINISH -> tell(stream(number), TlsStream::peerFinished);
      case Frames.RESET -> {
        int code = Frames.number(payload);
        tell(stream(number), stream -> stream.peerReset(code));
      }
      case Frames.RETIRED -> openedHere = Math.max(0, openedHere - 1);
      case Frames.DATAGRAM -> {
        ByteBuf datagram = payload.readRetainedSlice(payload.readableBytes());
        guarded(h -> h.datagram(datagram));
      }
      case Frames.CLOSE -> close(Frames.reason(payload), true, false);
      default -> {
        if (type < Frames.OPTIONAL) {
          throw new Frames.MalformedFrame("a frame of type " + type);
        }
      }
    }
  }

  private static void tell(@Nullable TlsStream stream, Consumer<TlsStream> event) {
    if (stream != null) {
      event.accept(stream);
    }
  }

  /** The stream of that number, also if it is new; null if it is over here, which the peer is going to hear. */
  private @Nullable TlsStream stream(long number) {
    TlsStream stream = streams.get(number);
    if (stream == null && (number & 1) == (dialed ? 1 : 0) && number > newestOfPeer) {
      if (openedThere == terms.limits().streamsMax()) {
        throw new Frames.MalformedFrame("more streams than it may open");
      }
      newestOfPeer = number;
      openedThere++;
      TlsStream offered = new TlsStream(this, number, false);
      streams.put(number, offered);
      guarded(h -> offered.handler(h.stream(offered)));
      stream = open ? offered : null;
    }
    if (stream != null) {
      touched.add(stream);
    }
    return stream;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    List<TlsStream> read = new ArrayList<>(touched);
    touched.clear();
    read.forEach(TlsStream::readComplete);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    later(() -> {
      if (isWritable()) {
        List.copyOf(streams.values()).forEach(TlsStream::writableAgain);
      }
    });
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    close(Reason.of("connection_lost", "the peer's connection ended without a word"), false, false);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    boolean network = cause instanceof IOException;
    boolean theirs = cause instanceof DecoderException;
    if (!network && !theirs) {
      log.error("link failed peer={}", peer.name(), cause);
    }
    close(network ? Reason.of("connection_lost", cause.getClass().getSimpleName())
        : Reason.of(theirs ? "protocol" : "internal_error", cause.getClass().getSimpleName()), false, !network);
  }

  private void watchSilence(Duration wait) {
    silence = terms.timers().after(wait, loop(), () -> {
      long left = terms.limits().idleTimeout().toNanos() - (terms.clock().nanos() - lastReceived);
      if (open && left > 0) {
        watchSilence(Duration.ofNanos(left));
      } else if (open) { // the peer is told, in case that only its direction is broken
        close(Reason.of("idle_timeout", "nothing came for " + terms.limits().idleTimeout().toMillis() + " ms"), false, true);
      }
    });
  }

  /** Nobody wants it: its handler never heard of it. */
  void abandon() {
    handler = null;
    close(Reason.of("cancelled"), false, true);
  }

  private void close(Reason reason, boolean byPeer, boolean say) {
    if (!open) {
      return;
    }
    open = false;
    silence.close();
    List.copyOf(streams.values()).forEach(TlsStream::end);
    if (say) {
      Registration cut = terms.timers().after(FAREWELL, loop(), channel::close);
      channel.closeFuture().addListener(closed -> cut.close());
      channel.writeAndFlush(Frames.close(channel.alloc(), reason)).addListener(ChannelFutureListener.CLOSE);
    } else {
      channel.close();
    }
    onClosed.accept(this);
    later(() -> guarded(h -> h.closed(reason, byPeer)));
  }

  private void guarded(Consumer<LinkHandler> event) {
    try {
      if (handler != null) {
        event.accept(handler);
      }
    } catch (RuntimeException e) {
      log.error("link handler failed peer={}", peer.name(), e);
      close(Reason.of("internal_error"), false, true);
    }
  }
}
