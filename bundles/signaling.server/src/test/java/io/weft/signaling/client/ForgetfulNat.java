package io.weft.signaling.client;

import io.weft.support.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between nodes and a broker. What it forgets goes silent: nobody is told, and new connections work. */
final class ForgetfulNat implements AutoCloseable {

  private final ServerSocket server;
  private volatile int broker;
  private final List<Flow> flows = new CopyOnWriteArrayList<>();

  /** One connection and its other half. */
  private static final class Flow {

    private final Socket inside;
    private final Socket outside;
    private volatile boolean forgotten;

    Flow(Socket inside, Socket outside) {
      this.inside = inside;
      this.outside = outside;
    }

    private void carry(Socket from, Socket to) {
      byte[] piece = new byte[8_192];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(piece); n > 0; n = in.read(piece)) {
          if (!forgotten) {
            out.write(piece, 0, n);
          }
        }
        if (!forgotten) {
          to.close();
        }
      } catch (IOException e) {
        forgotten = true; // one side is gone
      }
    }
  }

  ForgetfulNat() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread(this::accept);
  }

  private static void thread(Runnable task) {
    Thread thread = new Thread(task, "forgetful-nat");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket inside = server.accept();
        Flow flow = new Flow(inside, new Socket(InetAddress.getLoopbackAddress(), broker));
        flows.add(flow);
        thread(() -> flow.carry(flow.inside, flow.outside));
        thread(() -> flow.carry(flow.outside, flow.inside));
      }
    } catch (IOException closed) {
      forget();
    }
  }

  HostPort address() {
    return new HostPort("127.0.0.1", server.getLocalPort());
  }

  String url() {
    return "http://" + address();
  }

  /** Where the broker is, before anybody connects. */
  void leadTo(int port) {
    broker = port;
  }

  void forget() {
    flows.forEach(flow -> flow.forgotten = true);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Flow flow : flows) {
      flow.inside.close();
      flow.outside.close();
    }
  }
}
