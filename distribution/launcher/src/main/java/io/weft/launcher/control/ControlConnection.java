package io.weft.launcher.control;

import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import io.weft.support.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A connection to the control socket of a running node. Reading is for one thread; sending for any. */
public final class ControlConnection implements AutoCloseable {

  /** Whoever read the output has gone, as {@code head} does when it has seen enough. */
  static final class OutputClosed extends IOException {
    private static final long serialVersionUID = 1L;

    OutputClosed(IOException cause) {
      super(cause);
    }
  }

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;

  private ControlConnection(SocketChannel channel) {
    this.channel = channel;
    this.in = new BufferedInputStream(new ChannelInput(channel), 64 * 1024);
    this.out = new ChannelOutput(channel);
  }

  /** @throws Failure "node not running", naming the socket, or why it cannot be reached */
  public static ControlConnection open(Home home) throws Failure {
    Path socket = home.controlSocket();
    if (!Files.exists(socket)) {
      throw new Failure(Failure.PRECONDITION, "node not running: no socket at " + socket
          + "; start it with weft run --home " + home.dir() + ", or name another home with --home");
    }
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
      } catch (IOException e) {
        channel.close();
        throw e;
      }
      return new ControlConnection(channel);
    } catch (AccessDeniedException e) {
      throw new Failure(Failure.PRECONDITION, "not allowed to use " + socket + "; run as the user that the node runs as", e);
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      if (why.contains("Permission")) {
        throw new Failure(Failure.PRECONDITION, "not allowed to use " + socket + "; run as the user that the node runs as", e);
      }
      throw new Failure(Failure.PRECONDITION, "node not running: nobody answers at " + socket
          + "; start it with weft run --home " + home.dir(), e);
    }
  }

  void send(int type, Map<String, ?> json) throws IOException {
    send(type, Json.compact(json).getBytes(StandardCharsets.UTF_8));
  }

  void send(int type, byte[] payload) throws IOException {
    send(type, payload, payload.length);
  }

  synchronized void send(int type, byte[] payload, int length) throws IOException {
    Frame.write(out, type, payload, length);
  }

  /**
   * Copies what the node prints until it says with which code the command ended.
   *
   * @throws OutputClosed if nobody takes what it prints
   * @throws IOException if the node goes away before it says so
   */
  int copy(OutputStream stdout, OutputStream stderr) throws IOException {
    for (Frame frame = Frame.read(in); frame != null; frame = Frame.read(in)) {
      switch (frame.type()) {
        case Frame.STDOUT -> print(stdout, frame.payload());
        case Frame.STDERR -> print(stderr, frame.payload());
        case Frame.EXIT -> {
          if (frame.payload().length != 1) {
            throw new Frame.Malformed("an exit code of " + frame.payload().length + " bytes");
          }
          return frame.payload()[0] & 0xff;
        }
        default -> throw new Frame.Malformed("a frame of type " + frame.type());
      }
    }
    throw new IOException("the node closed the connection before the command ended");
  }

  private static void print(OutputStream to, byte[] text) throws OutputClosed {
    try {
      to.write(text);
      to.flush();
    } catch (IOException e) {
      throw new OutputClosed(e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  // Channels.newInputStream and newOutputStream of one channel share a lock before JDK 19: a pending read would stop every write.

  private static final class ChannelInput extends InputStream {
    private final SocketChannel channel;

    ChannelInput(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return channel.read(ByteBuffer.wrap(bytes, offset, length));
    }
  }

  private static final class ChannelOutput extends OutputStream {
    private final SocketChannel channel;

    ChannelOutput(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }
}
