package io.weft.launcher.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What an application would be: a small website and a UDP echo on loopback, which know nothing of a fabric. */
final class DemoServices implements AutoCloseable {

  static final String GREETING = "hello from a service behind node b\n";

  /** What {@code /file} sends. */
  static final long FILE_BYTES = 256L << 20;

  static final int BLOCK = 64 * 1024;

  private final HttpServer web;
  private final DatagramSocket echo;
  private final ExecutorService threads;

  DemoServices() throws IOException {
    threads = Executors.newCachedThreadPool(body -> {
      Thread thread = new Thread(body, "weft-launcher-demo-service");
      thread.setDaemon(true);
      return thread;
    });
    // Headers and body are two writes; with Nagle's algorithm the second waits 40 ms for the first one's acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    web.setExecutor(threads);
    web.createContext("/", exchange -> send(exchange, GREETING.getBytes(StandardCharsets.UTF_8)));
    web.createContext("/file", DemoServices::sendFile);
    web.start();
    echo = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    threads.execute(this::sendBack);
  }

  InetSocketAddress web() {
    return web.getAddress();
  }

  InetSocketAddress echo() {
    return new InetSocketAddress(echo.getLocalAddress(), echo.getLocalPort());
  }

  private static void send(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static void sendFile(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, FILE_BYTES);
      OutputStream out = exchange.getResponseBody();
      byte[] block = new byte[BLOCK];
      for (long at = 0; at < FILE_BYTES; at += BLOCK) {
        fill(block, at);
        out.write(block);
      }
    }
  }

  /** The content of the file at an offset: no two blocks are the same, so that one lost, doubled or moved changes the digest. */
  static void fill(byte[] block, long at) {
    long state = at * 0x9E3779B97F4A7C15L + 1;
    for (int i = 0; i + 8 <= block.length; i += 8) {
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      for (int b = 0; b < 8; b++) {
        block[i + b] = (byte) (state >>> 8 * b);
      }
    }
  }

  private void sendBack() {
    byte[] buffer = new byte[64 * 1024];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        echo.receive(packet);
        echo.send(packet);
      }
    } catch (SocketException closed) {
      return; // the demo is over
    } catch (IOException e) {
      System.err.println("weft: the demo's UDP echo ended: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    echo.close();
    web.stop(0);
    threads.shutdownNow();
  }
}
