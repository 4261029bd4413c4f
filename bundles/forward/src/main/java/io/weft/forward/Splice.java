package io.weft.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.weft.node.Reason;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins one TCP connection and one channel, on the channel's loop: bytes both ways, half-closes, resets. Credit is given back to the
 * sender only when bytes have left to the socket, and the socket is read only while the channel takes more, so neither side piles up.
 */
final class Splice extends ChannelInboundHandlerAdapter implements RawChannelHandler, Cuttable {

  private static final Logger log = LoggerFactory.getLogger(Splice.class);

  private final SocketChannel socket;
  private final Runnable ended;
  private final Runnable flush = this::flush;
  private final SocketOutput output;
  private volatile @Nullable RawChannel channel;
  private volatile @Nullable Reason cut;
  private volatile @Nullable Runnable cancelOpening;
  private volatile @Nullable Consumer<Map<String, Object>> heir;

  // The loop's alone.
  private @Nullable ArrayDeque<ByteBuf> held;
  private boolean joined;
  private boolean open; // bytes may flow
  private boolean moved; // the next version has it
  private boolean socketFinished; // the application sent its last byte
  private boolean channelFinished; // the peer sent its last byte
  private boolean finishSent; // the peer was told of ours
  private boolean outputClosed; // the application was told of the peer's
  private boolean over;
  private boolean flushWaits;

  /** @param ended run when nothing of it is left, perhaps more than once, on any thread */
  Splice(SocketChannel socket, Runnable ended) {
    this.socket = socket;
    this.ended = ended;
    this.output = new SocketOutput(socket, this::left);
  }

  /** So many bytes have left to the socket: the sender may send as many more. */
  private void left(int bytes) {
    RawChannel from = channel;
    if ((!over || moved) && from != null) {
      from.consumed(bytes);
    }
  }

  /** For a connection that was accepted here and is not registered yet: {@code cancel} ends the attempt to open its channel. */
  void opening(Runnable cancel) {
    cancelOpening = cancel;
    if (cut != null) {
      cancel.run();
    }
  }

  /** No channel came of it: whoever connected sees a reset. The socket was never registered, so this may be any thread. */
  void refuse() {
    socket.config().setSoLinger(0);
    socket.unsafe().closeForcibly();
    ended.run();
  }

  /** On the channel's loop: the socket joins it. The first of opening and the channel's first event does so. */
  void join(RawChannel opened) {
    if (joined) {
      return;
    }
    joined = true;
    channel = opened;
    socket.config().setAutoRead(opened.isWritable());
    socket.pipeline().addLast(this);
    opened.loop().register(socket).addListener(f -> {
      if (!f.isSuccess()) {
        reset(Reason.of("socket_failed", String.valueOf(f.cause())));
        ended.run();
      }
    });
    opened();
    Reason reason = cut;
    if (reason != null) {
      reset(reason);
    }
  }

  /** On the channel's loop, for a socket that is registered there and connects to a target; it is not read before {@link #connected}. */
  void joinTarget(RawChannel offered) {
    joined = true;
    channel = offered;
    socket.config().setAutoRead(false);
    socket.pipeline().addLast(this);
  }

  /** The target answered. Returns whether the connection is still wanted. */
  boolean connected() {
    RawChannel taken = channel;
    if (over || taken == null) {
      socket.close();
      return false;
    }
    taken.accept();
    if (!over) {
      socket.config().setAutoRead(taken.isWritable());
    }
    opened();
    return true;
  }

  // From one version of this bundle to the next.

  @Override
  public void bequeath(Consumer<Map<String, Object>> next) {
    heir = next;
    RawChannel now = channel;
    if (now != null) {
      now.loop().execute(this::move);
    }
  }

  private void opened() {
    open = true;
    RawChannel now = channel;
    if (heir != null && now != null) {
      now.loop().execute(this::move); // when the event that opened it has been handled
    }
  }

  /** Between two turns nothing is on its way between socket and channel, so the next version can go on where this one stops. */
  private void move() {
    Consumer<Map<String, Object>> next = heir;
    RawChannel on = channel;
    if (over || !open || next == null || on == null || !socket.isOpen()) {
      return;
    }
    output.leave();
    if (over) {
      return; // writing showed that the socket is gone
    }
    over = true;
    moved = true;
    List<ByteBuf> waiting = held == null ? List.of() : List.copyOf(held);
    held = null;
    socket.pipeline().remove(this);
    ended.run();
    try {
      next.accept(new Moving(socket, on, waiting, socketFinished, channelFinished, finishSent, outputClosed).things());
    } catch (RuntimeException | LinkageError e) {
      log.warn("connection not moved service={} peer={}", on.service(), on.peer().name(), e);
      on.abort(Reason.of("internal_error"));
      socket.close();
    }
  }

  /** Takes over a connection of the last version. On its loop. */
  void goOn(Moving moving) {
    joined = true;
    RawChannel on = moving.channel();
    channel = on;
    socketFinished = moving.socketFinished();
    channelFinished = moving.channelFinished();
    finishSent = moving.finishSent();
    outputClosed = moving.outputClosed();
    held = moving.held().isEmpty() && (finishSent || !socketFinished) ? null : new ArrayDeque<>(moving.held());
    socket.pipeline().addLast(this);
    on.handler(this);
    if (channelFinished && !outputClosed) {
      finishOutput();
    }
    writable(on);
    opened(); // this version may have an heir already
  }

  /** The target did not answer. Returns whether the channel still waits for it. */
  boolean unconnected() {
    boolean waits = !over;
    over = true;
    return waits;
  }

  @Override
  public void cut(Reason reason) {
    cut = reason;
    RawChannel open = channel;
    Runnable cancel = cancelOpening;
    if (open != null) {
      open.loop().execute(() -> reset(reason));
    } else if (cancel != null) {
      cancel.run();
    }
  }

  // From the channel to the socket.

  @Override
  public void data(RawChannel from, ByteBuf bytes) {
    join(from);
    if (over) {
      bytes.release();
      return;
    }
    output.add(bytes);
    if (!flushWaits) {
      // Once per turn of the loop: data comes packet by packet, and a system call for each would cost two thirds of the throughput.
      flushWaits = true;
      from.loop().execute(flush);
    }
  }

  private void flush() {
    flushWaits = false;
    if (!over) {
      output.flush();
    }
  }

  @Override
  public void finished(RawChannel from) {
    join(from);
    channelFinished = true;
    if (!over) {
      finishOutput();
    }
  }

  private void finishOutput() {
    output.finish(() -> {
      if (!over) {
        finishSocket();
      }
    });
  }

  private void finishSocket() {
    if (finishSent) {
      end();
      return;
    }
    socket.shutdownOutput().addListener((ChannelFuture f) -> {
      outputClosed = true;
      if (!f.isSuccess()) {
        reset(Reason.of("app_closed"));
      } else if (finishSent) {
        end();
      }
    });
  }

  private void finishChannel(RawChannel to) {
    finishSent = true;
    to.finish();
    if (outputClosed) {
      end();
    }
  }

  /** Both directions are finished and nothing is on its way any more. */
  private void end() {
    if (!over) {
      over = true;
      socket.close();
    }
  }

  @Override
  public void closed(RawChannel from, @Nullable Reason reason) {
    if (from != channel || finishSent && channelFinished) {
      return; // never joined, or all that is left is to hand over the last bytes
    }
    reset(reason == null ? Reason.of("channel_closed") : reason);
  }

  // From the socket to the channel.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    RawChannel to = channel;
    if (over || to == null) {
      bytes.release();
      return;
    }
    if (held != null || !to.isWritable()) {
      // Epoll reads on, whatever autoRead says, once the application has closed its side; at most what the kernel still holds.
      hold(bytes);
      return;
    }
    to.write(bytes);
    if (!to.isWritable()) {
      socket.config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    RawChannel to = channel;
    if (!over && to != null) {
      to.flush();
    }
  }

  private void hold(ByteBuf bytes) {
    if (held == null) {
      held = new ArrayDeque<>();
    }
    held.add(bytes);
    socket.config().setAutoRead(false);
  }

  @Override
  public void writable(RawChannel to) {
    if (over || to != channel) {
      return;
    }
    do {
      writeHeld(to);
      to.flush(); // may make room for more, of which nobody tells us then
    } while (held != null && !over && to.isWritable());
    if (!over && to.isWritable() && !socketFinished) {
      socket.config().setAutoRead(true);
    }
  }

  private void writeHeld(RawChannel to) {
    while (held != null && to.isWritable()) {
      ByteBuf bytes = held.poll();
      if (bytes == null) {
        held = null;
        if (socketFinished) {
          finishChannel(to);
        }
      } else {
        to.write(bytes);
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    RawChannel to = channel;
    if (event != ChannelInputShutdownEvent.INSTANCE || socketFinished || over || to == null) {
      return;
    }
    socketFinished = true;
    if (held == null) {
      finishChannel(to);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    reset(Reason.of("app_reset", String.valueOf(cause.getMessage())));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    reset(Reason.of("app_closed"));
    ended.run();
  }

  /** Cuts both: the channel's peer hears the reason, whoever holds the other end of the socket sees a reset. */
  private void reset(Reason reason) {
    if (over) {
      return;
    }
    over = true;
    output.release();
    releaseHeld();
    RawChannel open = channel;
    if (open != null) {
      open.abort(reason);
    }
    if (socket.isOpen()) {
      socket.config().setSoLinger(0);
      socket.close();
    }
  }

  private void releaseHeld() {
    if (held != null) {
      held.forEach(ByteBuf::release);
      held = null;
    }
  }
}
