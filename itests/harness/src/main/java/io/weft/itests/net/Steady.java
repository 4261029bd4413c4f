package io.weft.itests.net;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A transfer that goes on until it is ended and is checked byte by byte, as a program of its own so that it can run inside a namespace.
 * {@code Steady serve ADDRESS PORT MB_PER_SECOND} sends to whoever connects. {@code Steady read ADDRESS PORT} says for each line that it
 * reads {@code BYTES LONGEST_PAUSE_MILLIS}, the pause since the line before; it ends with its input, or says {@code wrong} and why.
 */
public final class Steady {

  private static final byte[] PIECE = new byte[8_192];

  private final Object lock = new Object(); // guards the three below: one thread reads bytes, another tells
  private long bytes;
  private long lastNanos = System.nanoTime();
  private long longestNanos;

  private Steady() {}

  public static void main(String[] args) throws IOException {
    if (args[0].equals("serve")) {
      serve(args[1], Integer.parseInt(args[2]), Double.parseDouble(args[3]));
    } else {
      new Steady().read(args[1], Integer.parseInt(args[2]));
    }
  }

  private static void serve(String address, int port, double megabytesPerSecond) throws IOException {
    long nanosPerPiece = (long) (PIECE.length / megabytesPerSecond * 1e3);
    try (ServerSocket server = new ServerSocket(port, 16, InetAddress.getByName(address))) {
      System.out.println("listening");
      while (true) {
        Socket socket = server.accept();
        Thread thread = new Thread(() -> send(socket, nanosPerPiece), "steady-send");
        thread.setDaemon(true);
        thread.start();
      }
    }
  }

  private static void send(Socket accepted, long nanosPerPiece) {
    try (Socket socket = accepted) {
      OutputStream out = socket.getOutputStream();
      byte[] block = new byte[Pattern.BLOCK];
      long due = System.nanoTime();
      for (long i = 0; ; i++) {
        Pattern.fill(block, i);
        for (int at = 0; at < block.length; at += PIECE.length) {
          out.write(block, at, PIECE.length);
          due = Math.max(due, System.nanoTime() - 20 * nanosPerPiece) + nanosPerPiece;
          LockSupport.parkNanos(due - System.nanoTime());
        }
      }
    } catch (IOException e) {
      System.out.println("a reader went away: " + e);
    }
  }

  private void read(String address, int port) {
    AtomicBoolean ended = new AtomicBoolean();
    long block = 0;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 10_000);
      listen(socket, ended);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] got = new byte[PIECE.length];
      byte[] wanted = new byte[Pattern.BLOCK];
      for (; ; block++) {
        Pattern.fill(wanted, block);
        for (int at = 0; at < wanted.length; at += PIECE.length) {
          in.readFully(got);
          came(got.length);
          if (!Arrays.equals(got, 0, PIECE.length, wanted, at, at + PIECE.length)) {
            System.out.println("wrong: block " + block + " is not what was sent");
            return;
          }
        }
      }
    } catch (IOException e) {
      System.out.println(ended.get() ? "whole " + tell() : "wrong: after block " + block + ": " + e);
    }
  }

  /** Answers lines; the end of them ends the transfer. */
  private void listen(Socket socket, AtomicBoolean ended) {
    Thread thread = new Thread(() -> {
      try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
        while (lines.readLine() != null) {
          System.out.println(tell());
        }
        ended.set(true);
        socket.close();
      } catch (IOException e) {
        System.out.println("wrong: " + e);
      }
    }, "steady-lines");
    thread.setDaemon(true);
    thread.start();
  }

  private void came(int more) {
    synchronized (lock) {
      longestNanos = Math.max(longestNanos, System.nanoTime() - lastNanos);
      lastNanos = System.nanoTime();
      bytes += more;
    }
  }

  private String tell() {
    synchronized (lock) {
      long pause = Math.max(longestNanos, System.nanoTime() - lastNanos);
      longestNanos = 0;
      return bytes + " " + pause / 1_000_000;
    }
  }
}
