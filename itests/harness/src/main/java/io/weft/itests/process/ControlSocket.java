package io.weft.itests.process;

import io.weft.itests.Command;
import io.weft.support.Json;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Asks a running node through its control socket, which is quicker than a process per question. */
final class ControlSocket {

  private static final int EXEC = 1;
  private static final int STDOUT = 16;
  private static final int STDERR = 17;
  private static final int EXIT = 18;

  private ControlSocket() {}

  static Command.Result exec(Path socket, String... args) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      byte[] request = Json.compact(Map.of("args", List.of(args), "columns", 200, "tty", false)).getBytes(StandardCharsets.UTF_8);
      ByteBuffer frame = ByteBuffer.allocate(5 + request.length).put((byte) EXEC).putInt(request.length).put(request).flip();
      while (frame.hasRemaining()) {
        channel.write(frame);
      }
      DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
      while (true) {
        int type = in.readUnsignedByte();
        byte[] payload = in.readNBytes(in.readInt());
        switch (type) {
          case STDOUT -> out.write(payload);
          case STDERR -> err.write(payload);
          case EXIT -> {
            return new Command.Result(payload[0], out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
          }
          default -> throw new IOException("unexpected frame " + type);
        }
      }
    } catch (EOFException e) {
      throw new IOException("the node closed the control socket after: " + out + err, e);
    }
  }
}
