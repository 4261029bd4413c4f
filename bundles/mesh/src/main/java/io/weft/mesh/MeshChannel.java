package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import io.weft.channel.ChannelInfo;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.mesh.wire.Answer;
import io.weft.mesh.wire.StreamCode;
import io.weft.mesh.wire.StreamHeader;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.transport.RawChannelHandler;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel after its header: bytes or datagrams between one stream and one handler, within the windows. On the link's loop
 * only.
 */
final class MeshChannel extends NamedChannel implements StreamHandler {

  /** What may be written by who was told to wait. */
  static final int OVERRUN_MAX = 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(MeshChannel.class);

  private final Channels channels;
  private final Stream stream;
  private final ReceiveWindow incoming;
  private final SendWindow outgoing = new SendWindow();
  private final Backlog unsent = new Backlog();
  private final @Nullable DatagramFlow flow;
  private @Nullable Backlog early = new Backlog();
  private @Nullable RawChannelHandler handler;
  private Registration offerTimer = () -> {};
  private int overrun;
  private boolean told;
  private boolean answered;
  private boolean finishedHere;
  private boolean finishedThere;
  private boolean over;
  private @Nullable Reason failure;
  private volatile long bytesSent;
  private volatile long bytesReceived;

  /** @param openedHere whether this side opened it, so that it is taken already */
  MeshChannel(Channels channels, Stream stream, StreamHeader header, boolean openedHere) {
    super(channels, header, openedHere);
    this.channels = channels;
    this.stream = stream;
    this.answered = openedHere;
    this.incoming = channels.newWindow();
    this.flow = header.kind() == ChannelKind.datagram ? new DatagramFlow(this, channels, stream) : null;
  }

  ChannelInfo info() {
    return new ChannelInfo(id(), peer().name(), service(), kind(), origin(), isOpenedHere(), bytesSent, bytesReceived,
        incoming.waiting(), outgoing.room(), since());
  }

  // RawChannel.

  @Override
  public void handler(RawChannelHandler newHandler) {
    handler = newHandler;
  }

  @Override
  public void accept() {
    if (answered || over) {
      return;
    }
    answered = true;
    offerTimer.close();
    stream.write(new Answer(ChannelOutcome.open, "").encode(channels.allocator()));
    stream.flush();
    if (early.isEmpty() && !finishedThere) {
      early = null;
    } else {
      loop().execute(this::deliverEarly); // Not from within this call: the handler may not be known yet.
    }
  }

  @Override
  public void refuse(ChannelOutcome outcome, String detail) {
    if (answered || over) {
      return;
    }
    answered = true;
    offerTimer.close();
    failure = new Reason(outcome.name(), detail);
    finishedHere = true;
    dropEarly();
    offerTimer = channels.refuse(stream, outcome, detail);
  }

  @Override
  public boolean isWritable() {
    told = !canWrite();
    if (told && outgoing.mustTell()) {
      channels.stopped(this, outgoing.limit());
    }
    return !told;
  }

  private boolean canWrite() {
    return !over && !finishedHere && answered && unsent.isEmpty() && outgoing.room() > 0 && stream.isWritable();
  }

  @Override
  public void write(ByteBuf bytes) {
    int count = bytes.readableBytes();
    if (over || finishedHere || count == 0 || flow != null) {
      bytes.release();
      return;
    }
    if (told || !unsent.isEmpty()) {
      overrun += count;
      if (overrun > OVERRUN_MAX) {
        bytes.release();
        abort(Reason.of("overflow", "more than " + OVERRUN_MAX + " bytes written while not writable"));
        return;
      }
    }
    if (unsent.isEmpty() && count <= outgoing.room()) {
      send(bytes, count);
    } else {
      unsent.add(bytes);
      sendUnsent();
      if (outgoing.mustTell()) {
        channels.stopped(this, outgoing.limit());
      }
    }
  }

  private void send(ByteBuf bytes, int count) {
    outgoing.send(count);
    bytesSent += count;
    channels.moved(count);
    stream.write(bytes);
  }

  private void sendUnsent() {
    for (ByteBuf next = unsent.take(outgoing.room()); next != null; next = unsent.take(outgoing.room())) {
      send(next, next.readableBytes());
    }
  }

  @Override
  public void flush() {
    stream.flush();
  }

  @Override
  public void consumed(int bytes) {
    if (!over && incoming.consume(bytes)) {
      channels.grant(this, incoming.limit());
    }
  }

  @Override
  public void sendDatagram(ByteBuf payload) {
    int count = payload.readableBytes();
    if (flow == null || over || finishedHere || !answered) {
      payload.release();
      channels.core().counters().add("datagrams_dropped");
    } else if (flow.send(payload)) {
      bytesSent += count;
      channels.moved(count);
    }
  }

  @Override
  public void finish() {
    if (over || finishedHere) {
      return;
    }
    finishedHere = true;
    if (unsent.isEmpty()) {
      stream.finish();
    } else {
      stream.flush(); // The end follows the rest, when the window lets that go.
    }
  }

  @Override
  public void abort(Reason reason) {
    if (over) {
      return;
    }
    over = true;
    failure = reason;
    unsent.drop();
    dropEarly();
    stream.reset(StreamCode.of(reason));
  }

  // From the mesh.

  /** Offers it to the service; it answers in time, or is answered for. */
  void offer(ServiceTable.Served served) {
    Duration patience = Duration.ofMillis(channels.core().limits().channel_offer_timeout_ms());
    Runnable late = () -> refuse(ChannelOutcome.timeout, "the service did not answer");
    offerTimer = channels.core().timers().after(patience, loop(), late);
    try {
      RawChannelHandler first = served.acceptor().offered(this);
      if (handler == null) {
        handler = first;
      }
    } catch (RuntimeException e) {
      log.error("service failed service={} peer={}", service(), peer().name(), e);
      refuse(ChannelOutcome.target_dead, "the service failed");
    }
  }

  /** The peer took it: what comes is delivered from here on. */
  void opened(RawChannelHandler first) {
    handler = first;
    early = null;
  }

  /** The window holds the peer up. */
  void stopped() {
    if (!over && incoming.stopped()) {
      channels.grant(this, incoming.limit());
    }
  }

  /** The peer granted more. */
  void credit(long limit) {
    if (over) {
      return;
    }
    outgoing.raise(limit);
    if (!unsent.isEmpty()) {
      sendUnsent();
      stream.flush();
      if (unsent.isEmpty() && finishedHere) {
        stream.finish();
      } else if (!unsent.isEmpty() && outgoing.mustTell()) {
        channels.stopped(this, outgoing.limit());
      }
    }
    writableAgain();
  }

  private void writableAgain() {
    if (told && canWrite()) {
      told = false;
      overrun = 0;
      handler.writable(this);
    }
  }

  /** A datagram came on its own. Takes over the buffer. */
  void datagram(ByteBuf payload) {
    if (flow == null || over || early != null) {
      payload.release();
      channels.core().counters().add("datagrams_dropped");
      return;
    }
    bytesReceived += payload.readableBytes();
    channels.moved(payload.readableBytes());
    handler.datagram(this, payload);
  }

  // StreamHandler.

  @Override
  public void data(Stream from, ByteBuf bytes) {
    int count = bytes.readableBytes();
    if (over || failure != null) {
      bytes.release();
    } else if (flow != null) {
      flow.receive(bytes);
    } else if (!incoming.receive(count)) {
      bytes.release();
      channels.core().counters().add("flow_violations");
      abort(Reason.of("flow_violation", "the peer sent more than it was granted"));
    } else {
      bytesReceived += count;
      channels.moved(count);
      if (early == null) {
        handler.data(this, bytes);
      } else {
        early.add(bytes);
      }
    }
  }

  @Override
  public void readComplete(Stream from) {
    if (!over && early == null) {
      handler.readComplete(this);
    }
  }

  @Override
  public void finished(Stream from) {
    finishedThere = true;
    if (!over && failure == null && early == null) {
      handler.finished(this);
    }
  }

  @Override
  public void reset(Stream from, int code) {
    if (failure == null) {
      failure = StreamCode.reason(code);
    }
    over = true;
    unsent.drop();
    dropEarly();
  }

  @Override
  public void writable(Stream from) {
    writableAgain();
  }

  @Override
  public void closed(Stream from) {
    boolean clean = finishedHere && finishedThere && unsent.isEmpty();
    over = true;
    offerTimer.close();
    unsent.drop();
    dropEarly();
    incoming.close();
    if (flow != null) {
      flow.close();
    }
    channels.forget(this);
    if (failure == null && !clean) {
      boolean lost = !channels.link().isOpen();
      failure = lost ? Reason.of("link_down", "the link to " + peer().name() + " is gone") : Reason.of("internal_error");
    }
    if (handler != null) {
      handler.closed(this, failure);
    }
  }

  private void deliverEarly() {
    if (over || early == null) {
      return;
    }
    Backlog waiting = early;
    early = null;
    while (!over && !waiting.isEmpty()) {
      handler.data(this, waiting.take(Long.MAX_VALUE));
    }
    waiting.drop();
    if (!over) {
      handler.readComplete(this);
    }
    if (!over && finishedThere) {
      handler.finished(this);
    }
  }

  private void dropEarly() {
    if (early != null) {
      early.drop();
    }
  }
}
