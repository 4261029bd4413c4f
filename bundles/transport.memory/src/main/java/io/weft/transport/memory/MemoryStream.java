package io.weft.transport.memory;

import io.netty.buffer.ByteBuf;
import io.weft.transport.Link;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One end of a stream. On the link's loop only. */
final class MemoryStream implements Stream {

  private static final Logger log = LoggerFactory.getLogger(MemoryStream.class);
  private static final int HANDLER_FAILED = 0;

  private final MemoryLink link;
  private final long number;
  private final boolean openedHere;
  private @Nullable StreamHandler handler;
  private boolean finishedHere;
  private boolean finishedThere;
  private boolean closed;
  private boolean touched;
  private boolean toldToWait;

  /** @param handler null until {@link #handler(StreamHandler)} for a stream that the peer opened */
  MemoryStream(MemoryLink link, long number, boolean openedHere, @Nullable StreamHandler handler) {
    this.link = link;
    this.number = number;
    this.openedHere = openedHere;
    this.handler = handler;
  }

  void handler(StreamHandler handler) {
    this.handler = handler;
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
    if (closed || finishedHere || toldToWait) {
      return false;
    }
    toldToWait = !link.isWritable(this);
    return !toldToWait;
  }

  @Override
  public void write(ByteBuf bytes) {
    if (closed || finishedHere || !link.isOpen() || !bytes.isReadable()) {
      bytes.release();
    } else {
      link.queue(new Frame.Bytes(number, bytes));
    }
  }

  @Override
  public void flush() {
    link.flush();
  }

  @Override
  public void finish() {
    if (closed || finishedHere) {
      return;
    }
    finishedHere = true;
    link.queue(new Frame.Finish(number));
    link.flush();
    if (finishedThere) {
      close();
    }
  }

  @Override
  public void reset(int code) {
    if (closed) {
      return;
    }
    link.dropOutgoing(this);
    link.queue(new Frame.Reset(number, code));
    link.flush();
    close();
  }

  // Events from the link.

  /** Whether this is the first event of this turn. */
  boolean touch() {
    boolean first = !touched;
    touched = true;
    return first;
  }

  void arrived(ByteBuf bytes) {
    if (closed || finishedThere) {
      bytes.release();
    } else {
      guarded(h -> h.data(this, bytes));
    }
  }

  void peerFinished() {
    if (closed || finishedThere) {
      return;
    }
    finishedThere = true;
    guarded(h -> h.finished(this));
    if (finishedHere && !closed) {
      close();
    }
  }

  void peerReset(int code) {
    if (closed) {
      return;
    }
    link.dropOutgoing(this);
    guarded(h -> h.reset(this, code));
    if (!closed) {
      close();
    }
  }

  void readComplete() {
    touched = false;
    if (!closed) {
      guarded(h -> h.readComplete(this));
    }
  }

  void becameWritable() {
    toldToWait = false;
    if (!closed && !finishedHere && link.isOpen()) {
      guarded(h -> h.writable(this));
    }
  }

  void linkClosed() {
    if (!closed) {
      close();
    }
  }

  private void close() {
    closed = true;
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

  private void guarded(Consumer<StreamHandler> event) {
    try {
      event.accept(handler);
    } catch (RuntimeException e) {
      log.error("stream handler failed peer={}", link.peer().name(), e);
      reset(HANDLER_FAILED);
    }
  }
}
