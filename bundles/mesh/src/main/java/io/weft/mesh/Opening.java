package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import io.weft.channel.ChannelFailed;
import io.weft.channel.ChannelOutcome;
import io.weft.mesh.wire.Answer;
import io.weft.mesh.wire.Inbox;
import io.weft.mesh.wire.ProtocolError;
import io.weft.mesh.wire.StreamCode;
import io.weft.mesh.wire.StreamHeader;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.transport.NoStream;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A channel that this side opens, from its stream to the peer's answer; after a yes it hands the stream's events on. Ends
 * exactly once: answered, too late, cancelled, or with the link. On the link's loop only.
 */
final class Opening implements StreamHandler {

  /** The peer's transport may be slow to notice that earlier streams are over; below our own limit it is worth asking again. */
  private static final Duration RETRY = Duration.ofMillis(5);

  private final Channels channels;
  private final StreamHeader header;
  private final RawChannelHandler handler;
  private final CompletableFuture<RawChannel> result;
  private final Inbox inbox;
  private Registration deadlineTimer = () -> {};
  private Registration retryTimer = () -> {};
  private @Nullable Stream stream;
  private @Nullable MeshChannel channel;
  private boolean ended;

  Opening(Channels channels, StreamHeader header, RawChannelHandler handler, CompletableFuture<RawChannel> result) {
    this.channels = channels;
    this.header = header;
    this.handler = handler;
    this.result = result;
    this.inbox = new Inbox(channels.allocator());
  }

  void start(Duration deadline) {
    deadlineTimer = channels.core().timers().after(deadline, channels.link().loop(),
        () -> give(ChannelOutcome.timeout, "no answer within " + deadline.toMillis() + " ms", StreamCode.timeout));
    result.whenComplete((opened, failure) -> {
      if (result.isCancelled()) {
        channels.link().loop().execute(() -> give(ChannelOutcome.cancelled, "", StreamCode.cancelled));
      }
    });
    openStream();
  }

  private void openStream() {
    channels.link().openStream(this).whenComplete((opened, failure) -> {
      if (failure == null) {
        streamOpened(opened);
      } else if (failure instanceof NoStream none && none.reason().code().equals("limit")) {
        retryTimer = channels.core().timers().after(RETRY, channels.link().loop(), this::openStream);
      } else {
        give(ChannelOutcome.link_down, "the link closed", StreamCode.cancelled);
      }
    });
  }

  private void streamOpened(Stream opened) {
    stream = opened;
    if (ended) {
      stream.reset(StreamCode.cancelled.ordinal());
      return;
    }
    stream.write(header.encode(channels.allocator()));
    stream.flush();
  }

  /** Ends it without a channel, if it has not ended yet. */
  private void give(ChannelOutcome outcome, String detail, StreamCode code) {
    if (end(outcome, detail) && stream != null) {
      stream.reset(code.ordinal());
    }
  }

  private boolean end(ChannelOutcome outcome, String detail) {
    if (ended) {
      return false;
    }
    ended = true;
    deadlineTimer.close();
    retryTimer.close();
    inbox.release();
    channels.notOpened();
    channels.core().counters().add("channels_failed_" + outcome.name());
    result.completeExceptionally(new ChannelFailed(outcome, detail));
    return true;
  }

  private void answered(Stream from, Answer answer) {
    if (answer.outcome() != ChannelOutcome.open) {
      from.finish();
      end(answer.outcome(), answer.detail());
      return;
    }
    ended = true;
    deadlineTimer.close();
    channel = new MeshChannel(channels, from, header, true);
    channels.add(channel);
    channel.opened(handler);
    channels.core().counters().add("channels_opened");
    if (!result.complete(channel)) {
      channel.abort(Reason.of("cancelled"));
    }
    ByteBuf payload = inbox.take();
    if (payload != null) {
      channel.data(from, payload);
    }
  }

  // StreamHandler.

  @Override
  public void data(Stream from, ByteBuf bytes) {
    if (channel != null) {
      channel.data(from, bytes);
      return;
    }
    if (ended) {
      bytes.release();
      return;
    }
    inbox.add(bytes);
    try {
      Answer answer = inbox.next(Answer::decode);
      if (answer != null) {
        answered(from, answer);
      } else {
        inbox.pause();
      }
    } catch (ProtocolError e) {
      give(ChannelOutcome.target_dead, e.getMessage(), StreamCode.protocol);
    }
  }

  @Override
  public void readComplete(Stream from) {
    if (channel != null) {
      channel.readComplete(from);
    }
  }

  @Override
  public void finished(Stream from) {
    if (channel != null) {
      channel.finished(from);
    } else {
      give(ChannelOutcome.target_dead, "the peer ended the stream without an answer", StreamCode.protocol);
    }
  }

  @Override
  public void reset(Stream from, int code) {
    if (channel != null) {
      channel.reset(from, code);
    } else {
      end(ChannelOutcome.target_dead, "the peer cut the stream: " + StreamCode.reason(code).code());
    }
  }

  @Override
  public void writable(Stream from) {
    if (channel != null) {
      channel.writable(from);
    }
  }

  @Override
  public void closed(Stream from) {
    if (channel != null) {
      channel.closed(from);
    } else {
      end(ChannelOutcome.link_down, "the link closed");
    }
  }
}
