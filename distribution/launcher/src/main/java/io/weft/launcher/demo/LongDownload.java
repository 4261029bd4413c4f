package io.weft.launcher.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A download that goes on until somebody has seen enough, as a program of its own so that each end can be in a namespace.
 *
 * <p>{@code serve ADDRESS PORT} sends to the first that connects until it reads a line, and then says {@code sent BYTES SHA256}.
 * {@code fetch ADDRESS PORT} says for each line that it reads {@code BYTES MILLIS}: what it has, and its longest pause since the last
 * line; at the end {@code got BYTES SHA256}.
 */
final class LongDownload {

  // 10 MB/s: enough to notice a gap, little enough to run long.
  private static final long NANOS_PER_BLOCK = (long) (DemoServices.BLOCK / 10e6 * 1e9);

  private LongDownload() {}

  public static void main(String[] args) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(args[1]), Integer.parseInt(args[2]));
    if (args[0].equals("serve")) {
      serve(address);
    } else {
      fetch(address);
    }
  }

  private static void serve(InetSocketAddress address) throws IOException {
    AtomicBoolean enough = new AtomicBoolean();
    MessageDigest digest = Traffic.sha256();
    long bytes = 0;
    try (ServerSocket server = new ServerSocket()) {
      server.bind(address);
      System.out.println("listening");
      try (Socket socket = server.accept()) {
        onEachLine(() -> enough.set(true));
        OutputStream out = socket.getOutputStream();
        byte[] block = new byte[DemoServices.BLOCK];
        long due = System.nanoTime();
        for (; !enough.get(); bytes += block.length) {
          DemoServices.fill(block, bytes);
          digest.update(block);
          out.write(block);
          due = Math.max(due, System.nanoTime() - 10 * NANOS_PER_BLOCK) + NANOS_PER_BLOCK;
          LockSupport.parkNanos(due - System.nanoTime());
        }
      }
    }
    System.out.println("sent " + bytes + " " + HexFormat.of().formatHex(digest.digest()));
  }

  /** What came so far; read by one thread, written by another. */
  private static final class Progress {

    private long bytes;
    private long lastNanos = System.nanoTime();
    private long longestNanos;

    synchronized void came(int more) {
      longestNanos = Math.max(longestNanos, System.nanoTime() - lastNanos);
      lastNanos = System.nanoTime();
      bytes += more;
    }

    synchronized String tell() {
      String told = bytes + " " + Math.max(longestNanos, System.nanoTime() - lastNanos) / 1_000_000;
      longestNanos = 0;
      return told;
    }

    synchronized long bytes() {
      return bytes;
    }
  }

  private static void fetch(InetSocketAddress address) throws IOException {
    MessageDigest digest = Traffic.sha256();
    Progress progress = new Progress();
    try (Socket socket = new Socket()) {
      socket.connect(address, 10_000);
      onEachLine(() -> System.out.println(progress.tell()));
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[DemoServices.BLOCK];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        progress.came(n);
      }
    }
    System.out.println("got " + progress.bytes() + " " + HexFormat.of().formatHex(digest.digest()));
  }

  private static void onEachLine(Runnable action) {
    Thread thread = new Thread(() -> {
      try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
        while (in.readLine() != null) {
          action.run();
        }
      } catch (IOException e) {
        System.err.println("weft: cannot read what to do: " + e.getMessage());
      }
    }, "weft-launcher-demo-lines");
    thread.setDaemon(true);
    thread.start();
  }
}
