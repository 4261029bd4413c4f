package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.weft.channel.ChannelFailed;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.mesh.wire.Answer;
import io.weft.mesh.wire.Datagrams;
import io.weft.mesh.wire.Frame;
import io.weft.mesh.wire.ProtocolError;
import io.weft.mesh.wire.StreamCode;
import io.weft.mesh.wire.StreamHeader;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.transport.Link;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The channels of one link. On its loop only, unless said otherwise. */
final class Channels {

  private static final Duration REFUSED_LINGER = Duration.ofSeconds(10);

  private final Core core;
  private final Link link;
  private final Consumer<Frame> control;
  private final Runnable idle;
  private final int channelsMax;
  private final long windowMax;
  private final GrowthBudget growth;
  private final IntObjectMap<MeshChannel> channels = new IntObjectHashMap<>();
  private long nextId;
  private int openedHere;
  private int openedByPeer;
  private boolean peerLeaving;
  private boolean retired;
  private long ever;
  private long lastSaid = -1;
  private long lastHeard = -1;
  private boolean closed;
  private volatile int count;
  private volatile long bytesMoved;

  /**
   * @param control sends frames on the control stream
   * @param idle called when the last channel is gone
   */
  Channels(Core core, Link link, Consumer<Frame> control, Runnable idle) {
    this.core = core;
    this.link = link;
    this.control = control;
    this.idle = idle;
    this.channelsMax = core.limits().channels_max();
    this.windowMax = core.limits().channel_window_max_bytes();
    this.growth = new GrowthBudget(core.limits().link_growth_max_bytes());
    this.nextId = link.dialed() ? 2 : 1;
  }

  /** See {@link io.weft.transport.RawChannels#open}. */
  void open(String service, ChannelKind kind, String origin, Duration deadline, RawChannelHandler handler,
      CompletableFuture<RawChannel> result) {
    if (closed) {
      result.completeExceptionally(new ChannelFailed(ChannelOutcome.link_down, ""));
    } else if (peerLeaving) {
      result.completeExceptionally(new ChannelFailed(ChannelOutcome.leaving, link.peer().name() + " is leaving"));
    } else if (openedHere >= channelsMax) {
      String detail = openedHere + " channels to " + link.peer().name() + " are open";
      result.completeExceptionally(new ChannelFailed(ChannelOutcome.limit, detail));
    } else if (nextId > StreamHeader.CHANNEL_MAX) {
      link.close(Reason.of("ids_exhausted", "all channel ids of this link were used")); // It is dialled anew.
      result.completeExceptionally(new ChannelFailed(ChannelOutcome.link_down, "all channel ids were used"));
    } else {
      StreamHeader header = new StreamHeader(kind, nextId, service, origin);
      nextId += 2;
      ever++;
      openedHere++;
      changed();
      new Opening(this, header, handler, result).start(deadline);
    }
  }

  /** A stream of the peer with this header came. Returns who gets its events from now on. */
  StreamHandler offered(StreamHeader header, Stream stream) {
    ServiceTable.Served served = core.services().find(header.service(), header.kind());
    boolean mine = (header.channel() & 1) == (link.dialed() ? 0 : 1);
    ever++;
    if (mine || channels.containsKey((int) header.channel())) {
      throw new ProtocolError("this channel id is not the peer's to use");
    } else if (core.isLeaving() || closed) {
      return refused(stream, ChannelOutcome.leaving, core.node().name() + " is leaving");
    } else if (served == null) {
      return refused(stream, ChannelOutcome.unknown_service, "no " + header.kind() + " service " + header.service() + " here");
    } else if (!served.service().allows(link.peer().name())) {
      return refused(stream, ChannelOutcome.refused, link.peer().name() + " may not use " + header.service());
    } else if (openedByPeer >= channelsMax) {
      return refused(stream, ChannelOutcome.limit, openedByPeer + " channels are open");
    }
    MeshChannel channel = new MeshChannel(this, stream, header, false);
    openedByPeer++;
    add(channel);
    channel.offer(served);
    return channel;
  }

  /** A datagram of the link came. Takes over the buffer. */
  void datagram(ByteBuf datagram) {
    long id = Datagrams.channel(datagram);
    MeshChannel channel = id < 0 ? null : channels.get((int) id);
    if (channel == null) {
      datagram.release(); // Of a flow that is over, or whose stream is still under way: a datagram may get lost.
      core.counters().add("datagrams_dropped");
    } else {
      channel.datagram(datagram);
    }
  }

  /** The peer granted a channel more. What is over is nobody's any more. */
  void credit(long id, long limit) {
    MeshChannel channel = channels.get((int) id);
    if (channel != null) {
      channel.credit(limit);
    }
  }

  /** The peer has more to send on a channel than it may. */
  void blocked(long id) {
    MeshChannel channel = channels.get((int) id);
    if (channel != null) {
      channel.stopped();
    }
  }

  /** The peer is leaving: nothing new is opened to it. */
  void peerLeaving() {
    peerLeaving = true;
    changed();
  }

  /** Another link takes the channels that are still to come. This one ends when both sides have none left. */
  void retire() {
    retired = true;
    changed();
  }

  /** The peer has no channel left here, of so many. */
  void peerHasNone(long of) {
    lastHeard = of;
    changed();
  }

  /** The link is gone; its streams have said so to each channel. */
  void close() {
    closed = true;
  }

  /** Any thread; may lag. */
  int count() {
    return count;
  }

  /** Bytes that all channels of this link ever carried, both ways. Any thread; may lag. */
  long bytesMoved() {
    return bytesMoved;
  }

  // For the channels.

  void moved(int bytes) {
    bytesMoved += bytes;
  }

  Core core() {
    return core;
  }

  Link link() {
    return link;
  }

  ByteBufAllocator allocator() {
    return ByteBufAllocator.DEFAULT;
  }

  ReceiveWindow newWindow() {
    return new ReceiveWindow(growth, windowMax, core.clock());
  }

  void grant(MeshChannel channel, long limit) {
    control.accept(new Frame.Credit(channel.wireId(), limit));
  }

  void stopped(MeshChannel channel, long limit) {
    control.accept(new Frame.Blocked(channel.wireId(), limit));
  }

  void add(MeshChannel channel) {
    channels.put((int) channel.wireId(), channel);
    core.channels().add(channel);
    changed();
  }

  void forget(MeshChannel channel) {
    if (channels.remove((int) channel.wireId()) == null) {
      return;
    }
    core.channels().remove(channel);
    if (channel.isOpenedHere()) {
      openedHere--;
    } else {
      openedByPeer--;
    }
    changed();
  }

  /** An opening came to nothing. */
  void notOpened() {
    openedHere--;
    changed();
  }

  /** Answers no and ends the stream; the timer to cancel when it is closed cuts it if the peer does not end it too. */
  Registration refuse(Stream stream, ChannelOutcome outcome, String detail) {
    core.counters().add("channels_refused_" + outcome.name());
    stream.write(new Answer(outcome, detail).encode(allocator()));
    stream.finish();
    return core.timers().after(REFUSED_LINGER, link.loop(), () -> stream.reset(StreamCode.timeout.ordinal()));
  }

  private StreamHandler refused(Stream stream, ChannelOutcome outcome, String detail) {
    if (retired && count == 0 && !closed) {
      none(); // one more, for those who count
    }
    return new Leftover(refuse(stream, outcome, detail));
  }

  private void changed() {
    count = openedHere + openedByPeer;
    if (count == 0 && peerLeaving && !closed) {
      idle.run();
    } else if (count == 0 && retired && !closed) {
      none();
    }
  }

  /**
   * What this side sees as over may not be so for the peer, whose last bytes are then still under way; or it just opened another. If both
   * see nothing, after equally many, nothing is left anywhere.
   */
  private void none() {
    if (lastSaid != ever) {
      lastSaid = ever;
      control.accept(new Frame.Last(ever));
    }
    if (lastHeard == ever) {
      link.close(Reason.of("moved", "another link has taken over"));
    }
  }

  /** What is left of a stream that was refused: its end. */
  private record Leftover(Registration timer) implements StreamHandler {

    @Override
    public void data(Stream stream, ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void finished(Stream stream) {}

    @Override
    public void reset(Stream stream, int code) {}

    @Override
    public void writable(Stream stream) {}

    @Override
    public void closed(Stream stream) {
      timer.close();
    }
  }
}
