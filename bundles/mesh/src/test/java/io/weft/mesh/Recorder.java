package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.channel.ChannelFailed;
import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import io.weft.transport.RawChannels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Writes down what happens to a channel; reads at once unless told to stall. */
class Recorder implements RawChannelHandler {

  final List<String> events = new ArrayList<>();
  final List<String> datagrams = new ArrayList<>();
  final ArrayDeque<ByteBuf> kept = new ArrayDeque<>();
  final StringBuilder text = new StringBuilder();
  long received;
  long checksum;
  boolean stalled;
  @Nullable RawChannel channel;
  @Nullable Reason reason;

  /** Serves with a recorder per channel, which are returned in the order in which channels came. */
  static List<Recorder> serve(MeshNode node, String service, ChannelKind kind, String... allow) {
    List<Recorder> served = new ArrayList<>();
    serve(node, service, kind, Set.of(allow), channel -> {
      Recorder recorder = new Recorder();
      recorder.channel = channel;
      served.add(recorder);
      channel.accept();
      return recorder;
    });
    return served;
  }

  static Registration serve(MeshNode node, String service, ChannelKind kind, Set<String> allow, RawChannels.Acceptor acceptor) {
    return node.fabric.serve(new ExposedService(service, kind, "test", allow), acceptor);
  }

  CompletableFuture<RawChannel> open(MeshNode node, String peer, String service, ChannelKind kind) {
    CompletableFuture<RawChannel> opening = node.fabric.open(peer, service, kind, "test:1", Duration.ofSeconds(10), this);
    opening.thenAccept(opened -> channel = opened);
    return opening;
  }

  /** What became of an attempt, once the loops are idle. */
  static String outcome(Sim sim, CompletableFuture<RawChannel> opening) {
    sim.settle();
    try {
      opening.getNow(null);
      return opening.isDone() ? "open" : "undecided";
    } catch (CompletionException e) {
      return e.getCause() instanceof ChannelFailed failed ? failed.outcome().name() : e.getCause().toString();
    } catch (CancellationException e) {
      return "cancelled";
    }
  }

  void write(String ascii) {
    channel.write(Unpooled.copiedBuffer(ascii, StandardCharsets.US_ASCII));
    channel.flush();
  }

  @Override
  public void data(RawChannel from, ByteBuf bytes) {
    received += bytes.readableBytes();
    if (text.length() < 4096) {
      text.append(bytes.toString(StandardCharsets.US_ASCII));
    }
    kept.add(bytes);
    if (!stalled) {
      read();
    }
  }

  /** Reads what was kept back. */
  void read() {
    while (!kept.isEmpty()) {
      ByteBuf bytes = kept.poll();
      int count = bytes.readableBytes();
      for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i += 1024) {
        checksum = checksum * 31 + bytes.getByte(i);
      }
      bytes.release();
      channel.consumed(count);
    }
  }

  @Override
  public void datagram(RawChannel from, ByteBuf payload) {
    datagrams.add(payload.toString(StandardCharsets.US_ASCII));
    payload.release();
  }

  @Override
  public void finished(RawChannel from) {
    events.add("finished");
  }

  @Override
  public void writable(RawChannel from) {
    events.add("writable");
  }

  @Override
  public void closed(RawChannel from, @Nullable Reason why) {
    reason = why;
    kept.forEach(ByteBuf::release);
    kept.clear();
    events.add("closed " + (why == null ? "clean" : why.code()));
  }

  /** The code with which it was closed; empty if it is open. */
  String closed() {
    return events.stream().filter(e -> e.startsWith("closed ")).map(e -> e.substring(7)).findFirst().orElse("");
  }
}
