package io.weft.signaling.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.channel.ExposedService;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.signaling.envelope.EnvelopeJson;
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
 * Signals over links: a channel to the service {@value #SERVICE} for each batch, which is a JSON list of envelopes. The receiver ends its
 * direction when it has taken them. Any thread.
 */
final class LinkPost {

  static final String SERVICE = "weft-signal";

  private static final ExposedService EXPOSED = new ExposedService(SERVICE, ChannelKind.stream, "signals of this node", Set.of("*"));
  private static final Duration MOST = Duration.ofSeconds(4);
  private static final int OPEN_MAX = 64;

  private final Timers timers;
  private final BiConsumer<String, byte[]> arrived;
  private final AtomicInteger open = new AtomicInteger();

  /** @param arrived gets the name of a peer and what it sent, on the loop of its link */
  LinkPost(Timers timers, BiConsumer<String, byte[]> arrived) {
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

  /** Completes when the peer took them, else exceptionally. */
  static CompletableFuture<Void> send(RawChannels channels, String peer, String list) {
    CompletableFuture<Void> taken = new CompletableFuture<>();
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

  /** Waits for the other side to end its direction. */
  private record Outgoing(CompletableFuture<Void> taken) implements RawChannelHandler {

    @Override
    public void data(RawChannel channel, ByteBuf bytes) {
      channel.consumed(bytes.readableBytes());
      bytes.release();
    }

    @Override
    public void finished(RawChannel channel) {
      taken.complete(null);
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
      arrived.accept(channel.peer().name(), bytes.toByteArray());
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
