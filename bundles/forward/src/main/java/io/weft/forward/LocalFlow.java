package io.weft.forward;

import io.netty.buffer.ByteBuf;
import io.weft.channel.ChannelOutcome;
import io.weft.forward.Opening.Route;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The datagrams of one local address. Its state belongs to the loop of the forward's socket; the channel may live on another one, to
 * which every datagram then takes one hop.
 */
final class LocalFlow implements RawChannelHandler, Opening.Result, Cuttable {

  private static final Logger log = LoggerFactory.getLogger(LocalFlow.class);

  /** What may wait for the channel to open. */
  private static final int WAITING_MAX = 64;

  private static final int WAITING_BYTES_MAX = 256 * 1_024;

  /** After a refusal the application's datagrams are dropped for this long before the peer is asked again. */
  private static final Duration REFUSED_PAUSE = Duration.ofSeconds(1);

  private final UdpForward forward;
  private final InetSocketAddress app;
  private final Opening opening;
  private volatile long lastNanos;

  // The loop's alone.
  private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private @Nullable RawChannel channel;
  private boolean refused;
  private boolean ended;
  private Registration timer = () -> {};

  LocalFlow(UdpForward forward, Route route, InetSocketAddress app) {
    this.forward = forward;
    this.app = app;
    this.opening = new Opening(forward.tools(), route, "udp:" + LocalAddress.text(app), this, this);
    this.lastNanos = forward.tools().clock().nanos();
  }

  InetSocketAddress app() {
    return app;
  }

  long lastNanos() {
    return lastNanos;
  }

  void open() {
    wake(forward.tools().limits().get().udpIdle());
    opening.start(); // may be over before it returns
  }

  /** Takes over the payload. On the loop. */
  void fromApp(ByteBuf payload) {
    lastNanos = forward.tools().clock().nanos();
    RawChannel to = channel;
    if (to != null) {
      send(to, payload);
    } else if (ended || refused || waiting.size() >= WAITING_MAX || waitingBytes + payload.readableBytes() > WAITING_BYTES_MAX) {
      forward.tools().counters().add(refused ? "datagrams_dropped_refused" : "datagrams_dropped_not_open");
      payload.release();
    } else {
      waitingBytes += payload.readableBytes();
      waiting.add(payload);
    }
  }

  private static void send(RawChannel to, ByteBuf payload) {
    if (to.loop().inEventLoop()) {
      to.sendDatagram(payload);
    } else {
      to.loop().execute(() -> to.sendDatagram(payload));
    }
  }

  @Override
  public void opened(RawChannel opened) {
    onLoop(() -> {
      if (ended) {
        opened.loop().execute(() -> opened.abort(Reason.of("flow_ended")));
        return;
      }
      forward.tools().counters().add("flows_opened");
      channel = opened;
      for (ByteBuf payload = waiting.poll(); payload != null; payload = waiting.poll()) {
        send(opened, payload);
      }
    });
  }

  @Override
  public void refused(String peer, ChannelOutcome outcome, String detail) {
    forward.tools().counters().add("flows_refused_" + outcome);
    log.debug("forward refused service={} peer={} outcome={} detail=\"{}\"", forward.spec().route().service(), peer, outcome, detail);
    onLoop(() -> {
      refused = true;
      dropWaiting();
      if (!ended) {
        wake(REFUSED_PAUSE);
      }
    });
  }

  @Override
  public void data(RawChannel from, ByteBuf bytes) {
    bytes.release(); // a flow carries datagrams only
  }

  @Override
  public void datagram(RawChannel from, ByteBuf payload) {
    lastNanos = forward.tools().clock().nanos();
    forward.toApp(payload, app);
  }

  @Override
  public void finished(RawChannel from) {
    onLoop(() -> end(Reason.of("finished")));
  }

  @Override
  public void writable(RawChannel to) {
    // Datagrams are sent or dropped, never kept back.
  }

  @Override
  public void closed(RawChannel from, @Nullable Reason reason) {
    onLoop(() -> {
      if (from == channel) {
        end(reason == null ? Reason.of("finished") : reason);
      }
    });
  }

  @Override
  public void cut(Reason reason) {
    onLoop(() -> end(reason));
  }

  /** On the loop. The next datagram of this address begins another flow. */
  void end(Reason reason) {
    if (ended) {
      return;
    }
    ended = true;
    timer.close();
    dropWaiting();
    opening.cancel();
    RawChannel last = channel;
    if (last != null) {
      last.loop().execute(() -> last.abort(reason));
    }
    forward.ended(this);
  }

  private void wake(Duration after) {
    timer.close();
    timer = forward.tools().timers().after(after, forward.loop(), this::checkIdle);
  }

  private void checkIdle() {
    Duration idle = Duration.ofNanos(forward.tools().clock().nanos() - lastNanos);
    Duration most = forward.tools().limits().get().udpIdle();
    if (refused || idle.compareTo(most) >= 0) {
      end(Reason.of("idle"));
    } else {
      wake(most.minus(idle));
    }
  }

  private void dropWaiting() {
    for (ByteBuf payload = waiting.poll(); payload != null; payload = waiting.poll()) {
      forward.tools().counters().add(refused ? "datagrams_dropped_refused" : "datagrams_dropped_not_open");
      payload.release();
    }
    waitingBytes = 0;
  }

  private void onLoop(Runnable task) {
    if (forward.loop().inEventLoop()) {
      task.run();
    } else {
      forward.loop().execute(task);
    }
  }
}
