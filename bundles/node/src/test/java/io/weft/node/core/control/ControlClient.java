package io.weft.node.core.control;

import io.weft.support.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The other end of the control socket, for tests. */
final class ControlClient implements AutoCloseable {

  record Outcome(String out, String err, int exit) {}

  private final SocketChannel channel;
  private final ControlFrames frames = new ControlFrames();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private int exit = -1;

  ControlClient(Path home) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("run/control.sock")));
  }

  void exec(String... args) throws IOException {
    byte[] payload = Json.compact(Map.of("args", List.of(args))).getBytes(StandardCharsets.UTF_8);
    try {
      send(ControlFrames.EXEC, payload);
    } catch (IOException e) {
      readSome(); // turned away before it could ask: the reason is there to be read
      if (exit < 0) {
        throw e;
      }
    }
  }

  void json(int type, Map<String, ?> payload) throws IOException {
    send(type, Json.compact(payload).getBytes(StandardCharsets.UTF_8));
  }

  void send(int type, byte[] payload) throws IOException {
    raw(ControlFrames.encode(type, payload));
  }

  void raw(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Reads once and returns what was printed so far. */
  String peek() throws IOException {
    readSome();
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Reads to the end. */
  Outcome outcome() throws IOException {
    while (exit < 0 && readSome()) {
      continue;
    }
    return new Outcome(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), exit);
  }

  private boolean readSome() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    if (channel.read(buffer) < 0) {
      return false;
    }
    frames.feed(buffer.flip());
    for (ControlFrames.Frame frame = frames.next(); frame != null; frame = frames.next()) {
      switch (frame.type()) {
        case ControlFrames.STDOUT -> out.writeBytes(frame.payload());
        case ControlFrames.STDERR -> err.writeBytes(frame.payload());
        case ControlFrames.EXIT -> exit = frame.payload()[0] & 0xff;
        default -> throw new IOException("frame type " + frame.type());
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
