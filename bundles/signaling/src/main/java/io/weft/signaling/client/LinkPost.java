package io.weft.signaling.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.channel.ExposedService;
import io.weft.node.Clock;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.signal.EnvelopeJson;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import io.weft.transport.RawChannels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Signals over links: a channel to the service {@value #SERVICE} for each batch, which is a JSON list of envelopes. The receiver says
 * when it has taken them by its clock, and ends its direction. Any thread.
 */
final class LinkPost {

  static final String SERVICE = "weft-signal";

  private static final ExposedService EXPOSED = new ExposedService(SERVICE, ChannelKind.stream, "signals of this node", Set.of("*"));
  private static final Duration MOST = Duration.ofSeconds(4);
  private static final int OPEN_MAX = 64;

  private static final int TIME_MAX = 64;
  private static final int EMPTY = 2; // [], from who only wants to know the time

  private final Clock clock;
  private final Timers timers;
  private final BiConsumer<String, byte[]> arrived;
  private final AtomicInteger open = new AtomicInteger();

  /** @param arrived gets the name of a peer and what it sent, on the loop of its link */
  LinkPost(Clock clock, Timers timers, BiConsumer<String, byte[]> arrived) {
    this.clock = clock;
    this.timers = timers;
    this.arrived = arrived;
  }

  Registration serve(RawChannels channels) {
    return channels.serve(EXPOSED, channel -> {
      if (open.incrementAndGet() > OPEN_MAX) {
        channel.refuse(ChannelOutcome.limit, "too many signals at once");
      } else {
        channel.accept();
      }
      return new Incoming(channel);
    });
  }

  /** Completes with the time by the peer's clock, in milliseconds since 1970, when it took them, else exceptionally. */
  static CompletableFuture<Long> send(RawChannels channels, String peer, String list) {
    CompletableFuture<Long> taken = new CompletableFuture<>();
    channels.open(peer, SERVICE, ChannelKind.stream, "signal", MOST, new Outgoing(taken)).whenComplete((channel, problem) -> {
      if (problem != null) {
        taken.completeExceptionally(problem);
      } else if (taken.isDone()) {
        channel.abort(Reason.of("cancelled"));
      } else {
        taken.whenComplete((done, failed) -> {
          if (failed != null) {
            channel.loop().execute(() -> channel.abort(Reason.of("cancelled")));
          }
        });
        channel.write(Unpooled.copiedBuffer(list, StandardCharsets.UTF_8));
        channel.flush();
        channel.finish();
      }
    });
    return taken;
  }

  /** Waits for the other side to say when it took them. */
  private static final class Outgoing implements RawChannelHandler {

    private final CompletableFuture<Long> taken;
    private final StringBuilder time = new StringBuilder();

    Outgoing(CompletableFuture<Long> taken) {
      this.taken = taken;
    }

    @Override
    public void data(RawChannel channel, ByteBuf bytes) {
      int length = bytes.readableBytes();
      if (time.length() + length <= TIME_MAX) {
        time.append(bytes.toString(StandardCharsets.US_ASCII));
      }
      channel.consumed(length);
      bytes.release();
    }

    @Override
    public void finished(RawChannel channel) {
      try {
        taken.complete(Long.parseLong(time.toString()));
      } catch (NumberFormatException e) {
        taken.completeExceptionally(new IOException("the peer does not say when it took it", e));
      }
    }

    @Override
    public void writable(RawChannel channel) {}

    @Override
    public void closed(RawChannel channel, @Nullable Reason reason) {
      if (!taken.isDone()) {
        taken.completeExceptionally(new IOException(reason == null ? "the peer did not take it" : reason.toString()));
      }
    }
  }

  /** Collects a batch, within its bounds of bytes and time. */
  private final class Incoming implements RawChannelHandler {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Registration timer;

    Incoming(RawChannel channel) {
      timer = timers.after(MOST, channel.loop(), () -> channel.abort(Reason.of("timeout", "a signal took too long")));
    }

    @Override
    public void data(RawChannel channel, ByteBuf arriving) {
      int length = arriving.readableBytes();
      if (bytes.size() + length > EnvelopeJson.LIST_MAX) {
        channel.abort(Reason.of("protocol", "more signals than fit"));
      } else {
        bytes.writeBytes(ByteBufUtil.getBytes(arriving));
        channel.consumed(length);
      }
      arriving.release();
    }

    @Override
    public void finished(RawChannel channel) {
      if (bytes.size() > EMPTY) {
        arrived.accept(channel.peer().name(), bytes.toByteArray());
      }
      channel.write(Unpooled.copiedBuffer(Long.toString(clock.now().toEpochMilli()), StandardCharsets.US_ASCII));
      channel.flush();
      channel.finish();
    }

    @Override
    public void writable(RawChannel channel) {}

    @Override
    public void closed(RawChannel channel, @Nullable Reason reason) {
      open.decrementAndGet();
      timer.close();
    }
  }
}
