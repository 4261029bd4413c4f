package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.weft.channel.ChannelFailed;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.mesh.wire.Frame;
import io.weft.mesh.wire.Inbox;
import io.weft.mesh.wire.ProtocolError;
import io.weft.mesh.wire.StreamHeader;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.Path;
import io.weft.transport.Link;
import io.weft.transport.LinkHandler;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import io.weft.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One link of a transport, from the moment it is open: control stream, hello, signs of life, channels. It carries channels
 * as soon as both hellos were said; which of two sessions with a peer lives is decided by {@link PeerLink}, on another
 * loop. State belongs to the loop of the link, unless said otherwise.
 */
final class Session implements LinkHandler {

  /** Hears of a session. Called on the loop of its link. */
  interface Observer {

    /**
     * The peer said hello. A session that was dialled carries channels from here on, one that was accepted waits for {@link
     * #confirm}.
     */
    void greeted(Session session);

    /** The peer was silent for too long, or no more. */
    void degraded(Session session, boolean degraded);

    /** Both sides know that this session is to have a successor. */
    void moving(Session session);

    void closed(Session session, Reason reason, boolean byPeer);
  }

  private static final Logger log = LoggerFactory.getLogger(Session.class);

  private final Core core;
  private final Observer observer;
  private final Transport transport;
  private final PeerIdentity peer;
  private final @Nullable Path path;
  private final long attempt;
  private final List<Incoming> early = new ArrayList<>();
  private volatile @Nullable Link link;
  private volatile Frame.@Nullable Hello hello;
  private @Nullable Map<String, String> described;
  private volatile @Nullable List<Frame.Service> peerServices;
  private volatile List<Frame.Service> servicesBefore = List.of();
  private volatile @Nullable Session successor;
  private volatile @Nullable Channels channels;
  private @Nullable Control control;
  private volatile @Nullable LifeSigns lifeSigns;
  private volatile @Nullable Reason farewell;
  private Registration helloTimer = () -> {};
  private boolean active;
  private boolean movingSaid;
  private boolean over;

  /**
   * @param path closed with the session; null if the peer dialled
   * @param attempt number of the attempt that dialled it, 0 if the peer did
   */
  Session(Core core, Observer observer, Transport transport, PeerIdentity peer, @Nullable Path path, long attempt) {
    this.core = core;
    this.observer = observer;
    this.transport = transport;
    this.peer = peer;
    this.path = path;
    this.attempt = attempt;
  }

  // Any thread.

  PeerIdentity peer() {
    return peer;
  }

  Transport transport() {
    return transport;
  }

  /** The link, once {@link #open} was called. */
  Link link() {
    Link opened = link;
    if (opened == null) {
      throw new IllegalStateException("no link yet");
    }
    return opened;
  }

  boolean isDialed() {
    return path != null;
  }

  /** What the peer said, once it did. */
  Frame.@Nullable Hello hello() {
    return hello;
  }

  /** The attempt of whichever side dialled. */
  long attempt() {
    Frame.Hello said = hello;
    return isDialed() || said == null ? attempt : said.attempt();
  }

  /** Whether the peer said that it goes. */
  boolean isFarewell() {
    return farewell != null;
  }

  /** What the peer says that we may use there; until it says it here, what it said on the session before. */
  List<Frame.Service> peerServices() {
    List<Frame.Service> said = peerServices;
    return said == null ? servicesBefore : said;
  }

  /** This one takes over from another with the same peer. */
  void succeed(Session before) {
    servicesBefore = before.peerServices();
  }

  int channelCount() {
    Channels all = channels;
    return all == null ? 0 : all.count();
  }

  /** Bytes that channels carried, both ways. */
  long bytesMoved() {
    Channels all = channels;
    return all == null ? 0 : all.bytesMoved();
  }

  /** Smoothed round trip; negative if not known. */
  long rttNanos() {
    Link opened = link;
    long measured = opened == null ? -1 : opened.stats().rttNanos();
    LifeSigns signs = lifeSigns;
    return measured >= 0 || signs == null ? measured : signs.rttNanos();
  }

  /** Nanoseconds since something of the peer arrived. */
  long silence() {
    return core.clock().nanos() - link().stats().lastReceivedNanos();
  }

  void close(Reason reason) {
    Link opened = link;
    if (opened != null) {
      opened.close(reason);
    }
  }

  /** The link is there. Comes first; on a link that was accepted, before all of its events. */
  void open(Link opened) {
    link = opened;
    if (path == null) {
      expectHello();
    } else {
      path.ended().whenComplete((reason, failure) -> opened.close(reason == null ? Reason.of("path_lost") : reason));
    }
  }

  /** Says hello first, on a link that was dialled. */
  void greet() {
    run(() -> {
      expectHello();
      control = new Control(this::received, this::close);
      link().openStream(control).whenComplete((stream, failure) -> {
        if (failure != null) {
          close(Reason.of("protocol", "the peer allows no control stream"));
        } else {
          stream.write(StreamHeader.CONTROL.encode(ByteBufAllocator.DEFAULT));
          control.attach(stream);
          control.send(ownHello());
        }
      });
    });
  }

  /** Answers the hello of the peer that dialled: the session is wanted. */
  void confirm() {
    run(() -> {
      if (!over && !active && control != null) {
        control.send(ownHello());
        activate();
      }
    });
  }

  /** Tells the peer which services it may use now. */
  void announce() {
    run(() -> {
      if (active) {
        control.send(core.services().visibleTo(peer.name()));
      }
    });
  }

  /** Tells the peer what this node says of itself, if that is news; also that it says nothing any more. */
  private void describe() {
    Map<String, String> now = SaidLabels.toSay(core.node().labels());
    if (!now.equals(described)) {
      described = now;
      control.send(new Frame.Labels(now));
    }
  }

  /** Tells the peer that this node goes; the peer closes the link when the last channel is over. */
  void leave(Reason reason) {
    run(() -> {
      if (active) {
        control.send(new Frame.Leave(reason));
      }
    });
  }

  /** Tells the peer that another link should take over, since the transport of this one goes. */
  void move() {
    run(this::sayMoving);
  }

  private void sayMoving() {
    if (active && !movingSaid) {
      movingSaid = true;
      control.send(new Frame.Moving());
    }
  }

  /** The next has taken over. What is open here goes on until it is over. */
  void retire(Session next) {
    successor = next;
    run(() -> {
      if (active) {
        channels.retire();
      }
    });
  }

  void openChannel(String service, ChannelKind kind, String origin, Duration deadline, RawChannelHandler handler,
      CompletableFuture<RawChannel> result) {
    Runnable opening = () -> {
      Channels all = channels;
      Session next = successor;
      if (next != null) { // said LAST, perhaps, which the peer may have taken for the end
        next.openChannel(service, kind, origin, deadline, handler, result);
      } else if (all == null || over) {
        result.completeExceptionally(new ChannelFailed(ChannelOutcome.link_down, "no link to " + peer.name()));
      } else {
        all.open(service, kind, origin, deadline, handler, result);
      }
    };
    // Others see the session as soon as it lives; that it is confirmed may still wait in the queue of this very loop.
    boolean queued = channels == null ? queue(opening) : run(opening);
    if (!queued) {
      result.completeExceptionally(new ChannelFailed(ChannelOutcome.link_down, "this node stops"));
    }
  }

  /** Runs it on the link's loop, now if this is it. Returns false if that loop runs nothing any more. */
  private boolean run(Runnable task) {
    if (link().loop().inEventLoop()) {
      task.run();
      return true;
    }
    return queue(task);
  }

  private boolean queue(Runnable task) {
    try {
      link().loop().execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      log.debug("loop is shut down peer={}", peer.name(), e);
      return false;
    }
  }

  // LinkHandler.

  @Override
  public StreamHandler stream(Stream stream) {
    Incoming incoming = new Incoming(this::route, stream, new Inbox(ByteBufAllocator.DEFAULT), core.counters());
    Duration patience = Duration.ofMillis(core.limits().stream_header_timeout_ms());
    incoming.timer(core.timers().after(patience, link().loop(), incoming::headerIsLate));
    return incoming;
  }

  @Override
  public void datagram(ByteBuf payload) {
    Channels all = channels;
    if (all == null) {
      payload.release();
      core.counters().add("datagrams_dropped");
    } else {
      all.datagram(payload);
    }
  }

  @Override
  public void closed(Reason reason, boolean byPeer) {
    over = true;
    active = false;
    helloTimer.close();
    if (lifeSigns != null) {
      lifeSigns.close();
    }
    if (channels != null) {
      channels.close();
    }
    if (path != null) {
      path.close();
    }
    early.clear();
    observer.closed(this, farewell == null ? reason : farewell, byPeer || farewell != null);
  }

  private @Nullable StreamHandler route(StreamHeader header, Incoming incoming) {
    if (header.kind() != null) {
      return routeChannel(header, incoming);
    }
    if (isDialed() || control != null) {
      close(Reason.of("protocol", "a second control stream"));
      throw new ProtocolError("a second control stream");
    }
    control = new Control(this::received, this::close);
    control.attach(incoming.stream());
    return control;
  }

  private @Nullable StreamHandler routeChannel(StreamHeader header, Incoming incoming) {
    if (active) {
      return channels.offered(header, incoming.stream());
    }
    if (!isDialed()) {
      throw new ProtocolError("a channel before the hello was answered");
    }
    early.add(incoming); // It overtook the hello, which is on another stream.
    return null;
  }

  private void received(Frame frame) {
    if (frame instanceof Frame.Hello said) {
      greeted(said);
    } else if (!active) {
      throw new ProtocolError("a frame before hello");
    } else if (frame instanceof Frame.Ping ping) {
      control.send(new Frame.Pong(ping.nonce()));
    } else if (frame instanceof Frame.Pong pong) {
      lifeSigns.pong(pong.nonce());
    } else if (frame instanceof Frame.Credit credit) {
      channels.credit(credit.channel(), credit.limit());
    } else if (frame instanceof Frame.Blocked blocked) {
      channels.blocked(blocked.channel());
    } else if (frame instanceof Frame.Services services) {
      peerServices = services.services();
    } else if (frame instanceof Frame.Labels said) {
      core.labels().said(peer.name(), said.labels());
    } else if (frame instanceof Frame.Moving) {
      sayMoving();
      observer.moving(this);
    } else if (frame instanceof Frame.Last last) {
      channels.peerHasNone(last.channels());
    } else if (frame instanceof Frame.Leave leave) {
      farewell = leave.reason();
      channels.peerLeaving();
    }
  }

  private void greeted(Frame.Hello said) {
    if (hello != null) {
      throw new ProtocolError("a second hello");
    }
    if (said.protocol() != Frame.PROTOCOL) {
      close(Reason.of("wrong_version", "the peer speaks version " + said.protocol() + ", this node version " + Frame.PROTOCOL));
    } else if (!said.fabric().equals(core.node().fabric())) {
      close(Reason.of("wrong_fabric", "the peer is of fabric " + said.fabric() + ", this node of " + core.node().fabric()));
    } else if (!said.name().equals(peer.name())) {
      close(Reason.of("wrong_name", "the peer calls itself " + said.name()));
    } else {
      hello = said;
      if (isDialed()) {
        activate();
      }
      observer.greeted(this);
    }
  }

  private void activate() {
    active = true;
    helloTimer.close();
    lifeSigns = new LifeSigns(core, link(), control::send, degraded -> observer.degraded(this, degraded), this::describe);
    channels = new Channels(core, link(), control::send, () -> close(Reason.of("leaving", "the peer is leaving")));
    control.send(core.services().visibleTo(peer.name()));
    describe();
    lifeSigns.start();
    early.forEach(Incoming::proceed);
    early.clear();
  }

  private Frame.Hello ownHello() {
    return new Frame.Hello(Frame.PROTOCOL, core.node().incarnation(), attempt, core.self().name(), core.node().fabric(),
        core.node().sharedDigest(), core.node().version());
  }

  private void expectHello() {
    Duration patience = Duration.ofMillis(core.limits().hello_timeout_ms());
    helloTimer = core.timers().after(patience, link().loop(),
        () -> close(Reason.of("hello_timeout", "no hello within " + patience.toMillis() + " ms")));
  }
}
