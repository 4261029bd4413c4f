package io.weft.forward;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** What an application does with its sockets, and what it must see. */
final class AppSockets {

  static final int PATIENCE_MS = 30_000;

  private AppSockets() {}

  static Socket connect(InetSocketAddress to) throws IOException {
    Socket socket = SocketChannel.open(to).socket();
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** Writes until nothing more is taken for a while; returns how much was taken. No thread stays behind that would hear of a reset first. */
  static long fill(Socket socket) throws IOException {
    SocketChannel channel = socket.getChannel();
    channel.configureBlocking(false);
    ByteBuffer block = ByteBuffer.allocate(64 * 1024);
    long[] written = {0, System.nanoTime()};
    Await.until("the writer to be held back", Nodes.SOON, () -> {
      int taken = channel.write(block.clear());
      if (taken > 0) {
        written[0] += taken;
        written[1] = System.nanoTime();
      }
      return written[0] > 0 && System.nanoTime() - written[1] > 300_000_000;
    });
    channel.configureBlocking(true);
    return written[0];
  }

  static long count(InputStream in) throws IOException {
    byte[] buffer = new byte[65_536];
    long count = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      count += n;
    }
    return count;
  }

  static Void sendAndFinish(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.shutdownOutput();
    return null;
  }

  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Reads until the end, which must be a reset. */
  static void assertReset(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE_MS);
    assertThatThrownBy(() -> count(socket.getInputStream())).isInstanceOf(SocketException.class).hasMessageContaining("reset");
  }

  static void assertStaysOpen(Socket socket) throws IOException {
    socket.setSoTimeout(100);
    assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(java.net.SocketTimeoutException.class);
    socket.setSoTimeout(PATIENCE_MS);
  }
}
