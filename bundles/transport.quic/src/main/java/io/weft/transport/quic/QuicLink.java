package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.path.PathInfo;
import io.weft.support.trust.PeerTrust;
import io.weft.transport.Link;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.LinkStats;
import io.weft.transport.NoStream;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import io.weft.transport.quic.codec.OfferedStream;
import io.weft.transport.quic.codec.Session;
import io.weft.transport.quic.codec.SessionEvents;
import io.weft.transport.quic.codec.StreamPort;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A link, from the first packet of its handshake. It is up, and has a handler, once TLS is done and both sides said READY
 * ({@link LinkSignals}); until then it is only an attempt that its {@link Owner} knows.
 */
final class QuicLink implements Link, SessionEvents, LinkSignals.Receiver {

  /** Who dialed or accepts. On the loop. */
  interface Owner {

    /** The peer is proved and ready. Returns who gets the events. */
    LinkHandler ready(QuicLink link);

    /** The handler has been installed; events may flow. */
    void up(QuicLink link);

    /** It is over, and no handler ever heard of it. */
    void failed(Reason reason, boolean byPeer);

    /** Over; last. */
    void gone(QuicLink link);
  }

  private static final Logger log = LoggerFactory.getLogger(QuicLink.class);
  private static final int CLOSE_CODE = 1;

  private final LinkContext context;
  private final LinkLimits limits;
  private final Route route;
  private final PeerTrust trust;
  private final Supplier<PathInfo> path;
  private final Owner owner;
  private final LinkStreams streams;
  private final DatagramQueue datagrams;
  private final LinkWatch watch;
  private final LinkSignals signals;
  private @Nullable Session session;
  private @Nullable StreamPort signalsOut;
  private @Nullable LinkHandler handler;
  private volatile @Nullable PeerIdentity peer;
  private volatile boolean open = true;
  private @Nullable Reason reason;
  private boolean byPeer;
  private boolean established;
  private boolean over;

  QuicLink(LinkContext context, LinkLimits limits, Route route, PeerTrust trust, Supplier<PathInfo> path, Owner owner) {
    this.context = context;
    this.limits = limits;
    this.route = route;
    this.trust = trust;
    this.path = path;
    this.owner = owner;
    this.streams = new LinkStreams(this, context.counters(), limits.streamsMax());
    this.datagrams = new DatagramQueue(context.loop(), context.timers(), context.clock(), context.counters(),
        limits.datagramQueueMax());
    this.watch =
        new LinkWatch(
            context.loop(), context.clock(), context.timers(), limits.idleTimeout(), route::lastPacketNanos, datagrams,
            () -> closeNow(Reason.of("idle_timeout", "nothing arrived for " + limits.idleTimeout().toMillis() + " ms")));
    this.signals = new LinkSignals(this);
    route.onSent(datagrams::sent);
  }

  /** Before any event, except those that come while the codec starts the connection. */
  void on(Session to) {
    session = to;
  }

  /** Streams of which one direction is still open. On the loop. */
  int streams() {
    return streams.size();
  }

  // What the mesh calls.

  @Override
  public PeerIdentity peer() {
    PeerIdentity known = peer;
    if (known == null) {
      throw new IllegalStateException("asked for the peer of a link before it was proved");
    }
    return known;
  }

  @Override
  public String transport() {
    return QuicTransport.NAME;
  }

  @Override
  public PathInfo path() {
    PortConduit conduit = route.conduit();
    return conduit == null ? path.get() : conduit.info();
  }

  @Override
  public boolean dialed() {
    return route.dialed;
  }

  @Override
  public EventLoop loop() {
    return context.loop();
  }

  @Override
  public CompletableFuture<Stream> openStream(StreamHandler streamHandler) {
    if (!open || handler == null) {
      return CompletableFuture.failedFuture(new NoStream(Reason.of("closed")));
    }
    return streams.open(session, streamHandler);
  }

  @Override
  public int datagramMax() {
    return datagrams.max();
  }

  @Override
  public boolean sendDatagram(ByteBuf payload) {
    return datagrams.send(payload);
  }

  @Override
  public LinkStats stats() {
    if (context.loop().inEventLoop() && session != null) {
      watch.refresh(session);
    }
    return watch.stats();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close(Reason why) {
    open = false;
    if (context.loop().inEventLoop()) {
      closeNow(why);
    } else {
      context.loop().execute(() -> closeNow(why));
    }
  }

  private void closeNow(Reason why) {
    open = false;
    if (over) {
      return;
    }
    if (reason == null) {
      reason = why;
    }
    datagrams.close();
    if (session != null) {
      watch.sample(session);
      route.closing(() -> session.close(CLOSE_CODE, CloseText.encode(reason)));
    }
  }

  /** The peer broke the rules. */
  @Override
  public void broken(String how) {
    closeNow(Reason.of("protocol", how));
  }

  // What the codec reports.

  @Override
  public void check(X509Certificate[] chain) throws CertificateException {
    trust.check(chain);
  }

  @Override
  public void established(Session now) {
    if (established || !open) {
      return;
    }
    established = true;
    session = now;
    peer = trust.peer();
    if (peer == null) {
      // A resumed session shows no certificate. Ours never resume, and who tries proves nothing.
      closeNow(Reason.of("no_certificate", "the handshake showed no certificate"));
    } else if (route.dialed) {
      sayReady();
    }
  }

  private void sayReady() {
    session
        .openStream(false, new LinkSignals(this))
        .whenComplete(
            (port, failure) -> {
              if (failure != null) {
                broken("no stream for signals");
              } else {
                signalsOut = port;
                signal(LinkSignals.ready(limits.streamsMax()));
              }
            });
  }

  @Override
  public void ready(int streamsMax) {
    if (!open || !established || handler != null) {
      return;
    }
    streams.mayOpen(streamsMax);
    try {
      handler = owner.ready(this);
    } catch (RuntimeException e) {
      log.error("nobody took the link peer={}", peer().name(), e);
      closeNow(Reason.of("internal", "nobody took the link"));
      return;
    }
    if (!route.dialed) {
      sayReady();
    }
    watch.start(session);
    owner.up(this);
    streams.release();
  }

  @Override
  public void datagramMax(int bytes) {
    datagrams.open(session, bytes);
  }

  @Override
  public void stream(OfferedStream stream) {
    if (stream.twoWay()) {
      streams.offered(stream);
    } else {
      stream.accept(signals);
    }
  }

  /** Who gets the stream's events; null if the link's handler failed, which closes the link. */
  @Nullable StreamHandler handlerFor(Stream stream) {
    try {
      return handler.stream(stream);
    } catch (RuntimeException e) {
      failed("stream", e);
      return null;
    }
  }

  private void failed(String event, RuntimeException e) {
    log.error("link handler failed event={} peer={}", event, peer().name(), e);
    closeNow(Reason.of("internal", "the handler of the link failed"));
  }

  @Override
  public void cut(long stream, int code) {
    streams.peerCut(stream, code);
  }

  @Override
  public void cutSeen(long stream) {
    streams.cutSeen(stream);
  }

  /** Tells the peer's transport something, after all it was told before. */
  void signal(ByteBuf frame) {
    StreamPort to = signalsOut;
    if (to == null || over) {
      frame.release();
    } else {
      to.write(frame, false);
    }
  }

  @Override
  public void datagram(ByteBuf payload) {
    if (handler == null || !open) {
      payload.release();
      context.counters().add(Counters.DATAGRAMS_DROPPED);
      return;
    }
    context.counters().add(Counters.DATAGRAMS_RECEIVED);
    try {
      handler.datagram(payload);
    } catch (RuntimeException e) {
      failed("datagram", e);
    }
  }

  @Override
  public void peerClosed(boolean application, long code, byte[] text) {
    watch.sample(session);
    if (reason == null) {
      byPeer = true;
      reason = application ? CloseText.decode(text) : CloseText.ofTransport(code);
    }
    // Now rather than after the codec's draining period, in which it would only stay silent.
    closeNow(reason);
  }

  @Override
  public void failed(Throwable thrown) {
    log.debug("quic error dialed={}", route.dialed, thrown);
    if (thrown instanceof SSLException && !established && reason == null) {
      // TLS gave up. The codec would tell the peer only at its next timeout; closing tells it now. Other errors are of single
      // packets, which anybody can send.
      reason = CloseText.ofFailure(thrown);
      context.loop().execute(() -> closeNow(reason));
    }
  }

  @Override
  public void closed() {
    open = false;
    // Later, so that a handler which closes the link is not called again before it returned.
    context.loop().execute(this::finish);
  }

  private void finish() {
    if (over) {
      return;
    }
    over = true;
    watch.stop();
    datagrams.close();
    streams.abandonAll();
    Reason why = why();
    if (handler != null) {
      try {
        handler.closed(why, byPeer);
      } catch (RuntimeException e) {
        log.error("link handler failed event=closed peer={}", peer().name(), e);
      }
    } else {
      owner.failed(why, byPeer);
    }
    owner.gone(this);
  }

  private Reason why() {
    if (trust.refusal() != null) {
      return trust.refusal();
    }
    return reason == null ? Reason.of("closed") : reason;
  }
}
