package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import io.weft.mesh.wire.Inbox;
import io.weft.mesh.wire.ProtocolError;
import io.weft.mesh.wire.StreamCode;
import io.weft.mesh.wire.StreamHeader;
import io.weft.node.Registration;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that the peer opened, until its header is there and the session says who is to have it; then it hands the events
 * on. On the link's loop only.
 */
final class Incoming implements StreamHandler {

  /** Says who gets a stream; null if it must wait, and then {@link #proceed} follows. */
  interface Router {

    @Nullable StreamHandler route(StreamHeader header, Incoming incoming);
  }

  private static final Logger log = LoggerFactory.getLogger(Incoming.class);

  private final Router router;
  private final Stream stream;
  private final Inbox inbox;
  private final Counters counters;
  private Registration timer = () -> {};
  private @Nullable StreamHeader header;
  private @Nullable StreamHandler next;
  private boolean finished;
  private boolean over;

  Incoming(Router router, Stream stream, Inbox inbox, Counters counters) {
    this.router = router;
    this.stream = stream;
    this.inbox = inbox;
    this.counters = counters;
  }

  /** @param headerTimer cuts the stream if the header does not come */
  void timer(Registration headerTimer) {
    timer = headerTimer;
  }

  Stream stream() {
    return stream;
  }

  /** Cuts the stream if it has no header yet. */
  void headerIsLate() {
    if (next == null && !over) {
      reject("no header in time");
    }
  }

  /** Asks the router again, for a stream that had to wait. */
  void proceed() {
    if (over || next != null || header == null) {
      return;
    }
    try {
      next = router.route(header, this);
    } catch (ProtocolError e) {
      reject(e.getMessage());
      return;
    }
    if (next == null) {
      inbox.pause();
      return;
    }
    timer.close();
    ByteBuf payload = inbox.take();
    if (payload != null) {
      next.data(stream, payload);
    }
    if (finished) {
      next.finished(stream);
    }
  }

  @Override
  public void data(Stream from, ByteBuf bytes) {
    if (next != null) {
      next.data(from, bytes);
      return;
    }
    if (over) {
      bytes.release();
      return;
    }
    inbox.add(bytes);
    try {
      if (header == null) {
        header = inbox.next(StreamHeader::decode);
      }
    } catch (ProtocolError e) {
      reject(e.getMessage());
      return;
    }
    if (header == null) {
      inbox.pause();
    } else {
      proceed();
    }
    if (next == null && !over && inbox.size() > ReceiveWindow.INITIAL) {
      reject("more than " + ReceiveWindow.INITIAL + " bytes before the link is up");
    }
  }

  private void reject(String why) {
    over = true;
    timer.close();
    inbox.release();
    counters.add("protocol_errors");
    log.debug("stream rejected peer={} why={}", stream.link().peer().name(), why);
    stream.reset(StreamCode.protocol.ordinal());
  }

  @Override
  public void readComplete(Stream from) {
    if (next != null) {
      next.readComplete(from);
    }
  }

  @Override
  public void finished(Stream from) {
    if (next != null) {
      next.finished(from);
    } else if (header != null) {
      finished = true;
    } else if (!over) {
      reject("it ended within its header");
    }
  }

  @Override
  public void reset(Stream from, int code) {
    if (next != null) {
      next.reset(from, code);
    } else {
      over = true;
      inbox.release();
    }
  }

  @Override
  public void writable(Stream from) {
    if (next != null) {
      next.writable(from);
    }
  }

  @Override
  public void closed(Stream from) {
    timer.close();
    if (next != null) {
      next.closed(from);
    } else {
      over = true;
      inbox.release();
    }
  }
}
