package io.weft.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to a server on loopback that can be blocked: bytes then wait in both directions and no connection notices, as with a
 * cable that was pulled. Opened again, they flow on.
 */
public final class TcpGate implements AutoCloseable {

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  // Guards blocked and closed, and is what the pumps wait on.
  private final Object lock = new Object();
  private boolean blocked;
  private boolean closed;

  /** @param target port of the server on loopback */
  public TcpGate(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  /** Where it listens on loopback. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Holds everything back. */
  public void block() {
    synchronized (lock) {
      blocked = true;
    }
  }

  /** Lets everything through again. */
  public void unblock() {
    synchronized (lock) {
      blocked = false;
      lock.notifyAll();
    }
  }

  /** Cuts all connections; new ones are let in. */
  public void reset() {
    for (Socket socket : sockets) {
      close(socket);
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    close(listener);
    reset();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        start(() -> connect(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    sockets.add(server);
    try {
      passable();
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 2_000);
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
    } catch (IOException e) {
      end(client, server);
      return;
    }
    start(() -> pump(client, server));
    pump(server, client);
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[16_384];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        passable();
        out.write(buffer, 0, n);
      }
      passable();
    } catch (IOException e) {
      // Either side went; the other one is told by closing it.
    }
    end(from, to);
  }

  private void passable() throws IOException {
    synchronized (lock) {
      while (blocked && !closed) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    }
  }

  private void end(Socket a, Socket b) {
    close(a);
    close(b);
    sockets.remove(a);
    sockets.remove(b);
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException("a socket does not close", e);
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "tcp-gate");
    thread.setDaemon(true);
    thread.start();
  }
}
