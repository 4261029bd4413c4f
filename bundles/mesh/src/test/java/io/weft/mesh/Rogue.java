package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.weft.channel.ChannelKind;
import io.weft.mesh.wire.Frame;
import io.weft.mesh.wire.Inbox;
import io.weft.mesh.wire.StreamHeader;
import io.weft.node.Reason;
import io.weft.testkit.FakeStreamHandler;
import io.weft.transport.Link;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A peer whose mesh says what the test wants: it has a link to a node and writes on it byte by byte. */
final class Rogue implements LinkHandler {

  final List<Frame> frames = new ArrayList<>();
  final List<FakeStreamHandler> streams = new ArrayList<>();
  final List<ByteBuf> datagrams = new ArrayList<>();
  private final Sim sim;
  private final MeshNode from;
  private final String to;
  private final Inbox inbox = new Inbox(ByteBufAllocator.DEFAULT);
  @Nullable Link link;
  @Nullable Stream control;
  @Nullable Reason end;
  boolean byPeer;

  /** @param from whose transport and name it uses */
  Rogue(Sim sim, MeshNode from, String to) {
    this.sim = sim;
    this.from = from;
    this.to = to;
    from.transport.open(MeshNode.peer(to).identity(), from.pathTo(to), LinkLimits.DEFAULT, this)
        .thenAccept(opened -> link = opened);
    sim.settle();
  }

  /** Opens the control stream and says a proper hello. */
  Rogue hello(long incarnation, long attempt) {
    openControl();
    return say(new Frame.Hello(1, incarnation, attempt, from.name, "test", "", "rogue"));
  }

  Rogue openControl() {
    control = open(new StreamHandler() {
      @Override
      public void data(Stream stream, ByteBuf bytes) {
        inbox.add(bytes);
        for (Frame frame = inbox.next(Frame::decode); frame != null; frame = inbox.next(Frame::decode)) {
          frames.add(frame);
        }
        inbox.pause();
      }

      @Override
      public void finished(Stream stream) {}

      @Override
      public void reset(Stream stream, int code) {}

      @Override
      public void writable(Stream stream) {}

      @Override
      public void closed(Stream stream) {
        inbox.release();
      }
    });
    write(control, StreamHeader.CONTROL.encode(ByteBufAllocator.DEFAULT));
    return this;
  }

  Rogue say(Frame frame) {
    write(control, Frame.encode(frame, ByteBufAllocator.DEFAULT));
    return this;
  }

  Rogue say(int... bytes) {
    write(control, buffer(bytes));
    return this;
  }

  Stream open(StreamHandler handler) {
    Stream[] opened = new Stream[1];
    link.loop().execute(() -> link.openStream(handler).thenAccept(stream -> opened[0] = stream));
    sim.settle();
    return opened[0];
  }

  /** A channel, as far as its header. */
  Stream channel(long id, ChannelKind kind, String service, StreamHandler handler) {
    Stream stream = open(handler);
    write(stream, new StreamHeader(kind, id, service, "rogue").encode(ByteBufAllocator.DEFAULT));
    return stream;
  }

  void write(Stream stream, ByteBuf bytes) {
    link.loop().execute(() -> {
      stream.write(bytes);
      stream.flush();
    });
    sim.settle();
  }

  void run(Runnable task) {
    link.loop().execute(task);
    sim.settle();
  }

  static ByteBuf buffer(int... bytes) {
    ByteBuf buffer = Unpooled.buffer(bytes.length);
    for (int b : bytes) {
      buffer.writeByte(b);
    }
    return buffer;
  }

  String ended() {
    return end == null ? "" : end.code();
  }

  @Override
  public StreamHandler stream(Stream stream) {
    FakeStreamHandler handler = new FakeStreamHandler();
    streams.add(handler);
    return handler;
  }

  @Override
  public void datagram(ByteBuf payload) {
    datagrams.add(payload);
  }

  @Override
  public void closed(Reason reason, boolean closedByPeer) {
    end = reason;
    byPeer = closedByPeer;
  }
}
