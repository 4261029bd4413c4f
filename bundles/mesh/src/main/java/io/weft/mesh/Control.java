package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.weft.mesh.wire.Frame;
import io.weft.mesh.wire.Inbox;
import io.weft.mesh.wire.ProtocolError;
import io.weft.node.Reason;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The control stream of a link. While the transport takes no more, only the newest frame of each kind, and of each channel
 * for credit, waits; so a peer that does not read costs no more than that. On the link's loop only.
 */
final class Control implements StreamHandler {

  private final Consumer<Frame> received;
  private final Consumer<Reason> broken;
  private final Inbox inbox = new Inbox(ByteBufAllocator.DEFAULT);
  private final Map<Object, Frame> waiting = new LinkedHashMap<>();
  private @Nullable Stream stream;
  private boolean over;

  /**
   * @param received gets each frame
   * @param broken called if the peer broke the protocol or ended the stream: the link must close
   */
  Control(Consumer<Frame> received, Consumer<Reason> broken) {
    this.received = received;
    this.broken = broken;
  }

  /** Before the first {@link #send}. */
  void attach(Stream opened) {
    stream = opened;
  }

  void send(Frame frame) {
    if (over) {
      return;
    }
    if (!waiting.isEmpty() || !stream.isWritable()) {
      waiting.put(key(frame), frame);
      return;
    }
    stream.write(Frame.encode(frame, ByteBufAllocator.DEFAULT));
    stream.flush();
  }

  /** Of frames with one key, only the newest matters. */
  private static Object key(Frame frame) {
    if (frame instanceof Frame.Credit credit) {
      return credit.channel();
    }
    return frame instanceof Frame.Blocked blocked ? -blocked.channel() : frame.getClass();
  }

  /** For tests and for those who wonder: frames that wait. */
  int waiting() {
    return waiting.size();
  }

  @Override
  public void data(Stream from, ByteBuf bytes) {
    if (over) {
      bytes.release();
      return;
    }
    inbox.add(bytes);
    try {
      for (Frame frame = inbox.next(Frame::decode); frame != null && !over; frame = inbox.next(Frame::decode)) {
        received.accept(frame);
      }
      inbox.pause();
    } catch (ProtocolError e) {
      end(Reason.of("protocol", e.getMessage()));
    }
  }

  @Override
  public void finished(Stream from) {
    end(Reason.of("protocol", "the peer ended the control stream"));
  }

  @Override
  public void reset(Stream from, int code) {
    end(Reason.of("protocol", "the peer cut the control stream"));
  }

  @Override
  public void writable(Stream from) {
    for (var frames = waiting.values().iterator(); frames.hasNext() && stream.isWritable(); ) {
      stream.write(Frame.encode(frames.next(), ByteBufAllocator.DEFAULT));
      frames.remove();
    }
    stream.flush();
  }

  @Override
  public void closed(Stream from) {
    over = true;
    inbox.release();
    waiting.clear();
  }

  private void end(Reason reason) {
    if (!over) {
      over = true;
      inbox.release();
      broken.accept(reason);
    }
  }
}
