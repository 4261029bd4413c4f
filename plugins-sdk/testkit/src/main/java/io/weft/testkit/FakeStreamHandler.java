package io.weft.testkit;

import io.netty.buffer.ByteBuf;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what happens to a stream and checks the rules of {@link StreamHandler}: on the loop, in order, closed once and
 * last. Read it from any thread. Override a method to answer, and call the one of this class first.
 */
public class FakeStreamHandler implements StreamHandler {

  /** Bytes that are kept for {@link #text}; all are counted and hashed. */
  private static final int KEPT = 4096;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final MessageDigest digest = sha256();
  private final AtomicLong received = new AtomicLong();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private volatile @Nullable Stream stream;

  @Override
  public void data(Stream from, ByteBuf bytes) {
    check(from, "data", !has("finished") && !hasReset());
    byte[] copy = new byte[bytes.readableBytes()];
    bytes.readBytes(copy);
    bytes.release();
    synchronized (kept) {
      digest.update(copy);
      kept.write(copy, 0, Math.min(copy.length, KEPT - kept.size()));
    }
    received.addAndGet(copy.length);
  }

  @Override
  public void readComplete(Stream from) {
    check(from, "readComplete", true);
  }

  @Override
  public void finished(Stream from) {
    check(from, "finished", !has("finished") && !hasReset());
    events.add("finished");
  }

  @Override
  public void reset(Stream from, int code) {
    check(from, "reset", !hasReset());
    events.add("reset " + code);
  }

  @Override
  public void writable(Stream from) {
    check(from, "writable", true);
    events.add("writable");
  }

  @Override
  public void closed(Stream from) {
    check(from, "closed", true);
    events.add("closed");
  }

  private void check(Stream from, String event, boolean inOrder) {
    stream = from;
    if (!from.link().loop().inEventLoop()) {
      violations.add(event + " on " + Thread.currentThread().getName() + " rather than on the loop");
    }
    if (!inOrder || has("closed")) {
      violations.add(event + " after " + events);
    }
  }

  /** The stream of the last event. */
  public @Nullable Stream stream() {
    return stream;
  }

  public long received() {
    return received.get();
  }

  /** The first bytes that arrived, as ASCII. */
  public String text() {
    synchronized (kept) {
      return kept.toString(StandardCharsets.US_ASCII);
    }
  }

  /** SHA-256 of all that arrived, in hex. */
  public String sha() {
    synchronized (kept) {
      try {
        return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** What happened besides data: {@code finished}, {@code reset 7}, {@code writable}, {@code closed}. */
  public List<String> events() {
    return List.copyOf(events);
  }

  public boolean has(String event) {
    return events.contains(event);
  }

  /** Broken promises of the stream; empty if all is well. */
  public List<String> violations() {
    return List.copyOf(violations);
  }

  private boolean hasReset() {
    return events.stream().anyMatch(e -> e.startsWith("reset"));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
