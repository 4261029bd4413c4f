package org.example.tlslinks;

import io.netty.buffer.ByteBuf;
import io.weft.transport.Link;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One end of a stream. On the link's loop only. */
final class TlsStream implements Stream {

  private static final Logger log = LoggerFactory.getLogger(TlsStream.class);
  private static final int HANDLER_FAILED = 0;

  private final TlsLink link;
  private final long number;
  private final boolean openedHere;
  private @Nullable StreamHandler handler;
  private boolean finishedHere;
  private boolean finishedThere;
  private boolean over;
  private boolean waits;

  TlsStream(TlsLink link, long number, boolean openedHere) {
    this.link = link;
    this.number = number;
    this.openedHere = openedHere;
  }

  /** Who gets its events; right after it was made. */
  void handler(StreamHandler given) {
    handler = given;
  }

  long number() {
    return number;
  }

  boolean isOpenedHere() {
    return openedHere;
  }

  @Override
  public Link link() {
    return link;
  }

  @Override
  public boolean isWritable() {
    boolean writable = !over && !finishedHere && link.isWritable();
    waits |= !writable;
    return writable;
  }

  @Override
  public void write(ByteBuf bytes) {
    if (over || finishedHere) {
      bytes.release();
    } else {
      link.writeData(number, bytes);
    }
  }

  @Override
  public void flush() {
    link.flushSoon();
  }

  @Override
  public void finish() {
    if (over || finishedHere) {
      return;
    }
    finishedHere = true;
    link.write(Frames.FINISH, number);
    if (finishedThere) {
      end();
    }
  }

  @Override
  public void reset(int code) {
    if (!over) {
      link.writeNumber(Frames.RESET, number, code);
      end();
    }
  }

  // What the link hears.

  /** Takes over the buffer. */
  void arrived(ByteBuf bytes) {
    if (over || finishedThere) {
      bytes.release();
    } else {
      tell(h -> h.data(this, bytes));
    }
  }

  void peerFinished() {
    if (over || finishedThere) {
      return;
    }
    finishedThere = true;
    tell(h -> h.finished(this));
    if (finishedHere && !over) {
      end();
    }
  }

  void peerReset(int code) {
    if (!over) {
      tell(h -> h.reset(this, code));
      end();
    }
  }

  void readComplete() {
    if (!over) {
      tell(h -> h.readComplete(this));
    }
  }

  void writableAgain() {
    if (waits && !over && !finishedHere) {
      waits = false;
      tell(h -> h.writable(this));
    }
  }

  /** Both directions are over, or the link is. The handler hears it later, and not from within a call that it makes. */
  void end() {
    if (over) {
      return;
    }
    over = true;
    link.forget(this);
    link.later(() -> {
      try {
        if (handler != null) {
          handler.closed(this);
        }
      } catch (RuntimeException e) {
        log.error("stream handler failed peer={}", link.peer().name(), e);
      }
    });
  }

  private void tell(Consumer<StreamHandler> event) {
    try {
      event.accept(handler);
    } catch (RuntimeException e) {
      log.error("stream handler failed peer={}", link.peer().name(), e);
      reset(HANDLER_FAILED);
    }
  }
}
