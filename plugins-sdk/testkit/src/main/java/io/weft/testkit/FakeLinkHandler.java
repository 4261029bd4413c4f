package io.weft.testkit;

import io.netty.buffer.ByteBuf;
import io.weft.node.Reason;
import io.weft.transport.Link;
import io.weft.transport.LinkHandler;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes down what happens to a link and checks the rules of {@link LinkHandler}. Read it from any thread. */
public final class FakeLinkHandler implements LinkHandler {

  /** How a link ended. */
  public record End(Reason reason, boolean byPeer) {}

  private final List<FakeStreamHandler> streams = new CopyOnWriteArrayList<>();
  private final List<String> datagrams = new CopyOnWriteArrayList<>();
  private final List<End> ends = new CopyOnWriteArrayList<>();
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final Function<Stream, FakeStreamHandler> streamHandlers;
  private volatile @Nullable Link link;

  /** Takes every stream and only listens. */
  public FakeLinkHandler() {
    this(stream -> new FakeStreamHandler());
  }

  /** @param streamHandlers who gets the events of a stream that the peer opened */
  public FakeLinkHandler(Function<Stream, FakeStreamHandler> streamHandlers) {
    this.streamHandlers = streamHandlers;
  }

  /** From here on it is checked that events come on the link's loop. */
  public FakeLinkHandler on(Link known) {
    link = known;
    return this;
  }

  @Override
  public StreamHandler stream(Stream stream) {
    check("stream");
    FakeStreamHandler handler = streamHandlers.apply(stream);
    streams.add(handler);
    return handler;
  }

  @Override
  public void datagram(ByteBuf payload) {
    check("datagram");
    datagrams.add(payload.toString(StandardCharsets.ISO_8859_1));
    payload.release();
  }

  @Override
  public void closed(Reason reason, boolean byPeer) {
    check("closed");
    streams.stream().filter(s -> !s.has("closed")).forEach(s -> violations.add("closed before its stream: " + s.events()));
    ends.add(new End(reason, byPeer));
  }

  private void check(String event) {
    Link known = link;
    if (known != null && !known.loop().inEventLoop()) {
      violations.add(event + " on " + Thread.currentThread().getName() + " rather than on the loop");
    }
    if (!ends.isEmpty()) {
      violations.add(event + " after closed");
    }
  }

  /** The link, as soon as it is known. */
  public @Nullable Link link() {
    return link;
  }

  /** Handlers of the streams that the peer opened, in order. */
  public List<FakeStreamHandler> streams() {
    return List.copyOf(streams);
  }

  /** Datagrams in the order of arrival, a character per byte. */
  public List<String> datagrams() {
    return List.copyOf(datagrams);
  }

  /** How it ended, or null if it has not. */
  public @Nullable End end() {
    return ends.isEmpty() ? null : ends.get(0);
  }

  /** Broken promises of the link and of its streams; empty if all is well. */
  public List<String> violations() {
    List<String> all = new CopyOnWriteArrayList<>(violations);
    streams.forEach(s -> all.addAll(s.violations()));
    return all;
  }
}
