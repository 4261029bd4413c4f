package io.weft.itests.net;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * A transfer that is checked byte by byte, as a program of its own so that it can run inside a network namespace:
 * {@code Transfer serve ADDRESS PORT BLOCKS} sends so many blocks to whoever connects; {@code Transfer read ADDRESS PORT BLOCKS MB_PER_SECOND} takes
 * them no faster than that, with pauses, and prints {@code whole} and the seconds, or what was wrong.
 */
public final class Transfer {

  private static final int PAUSE_EVERY_BLOCKS = 2_048;
  private static final long PAUSE_NANOS = 400_000_000;

  private Transfer() {}

  public static void main(String[] args) throws IOException {
    long blocks = Long.parseLong(args[3]);
    if (args[0].equals("serve")) {
      serve(args[1], Integer.parseInt(args[2]), blocks);
    } else {
      System.out.println(read(args[1], Integer.parseInt(args[2]), blocks, Double.parseDouble(args[4])));
    }
  }

  private static void serve(String address, int port, long blocks) throws IOException {
    try (ServerSocket server = new ServerSocket(port, 16, InetAddress.getByName(address))) {
      System.out.println("listening");
      while (true) {
        try (Socket socket = server.accept()) {
          OutputStream out = socket.getOutputStream();
          byte[] block = new byte[Pattern.BLOCK];
          for (long i = 0; i < blocks; i++) {
            Pattern.fill(block, i);
            out.write(block);
          }
        } catch (IOException e) {
          System.out.println("a reader went away: " + e);
        }
      }
    }
  }

  private static String read(String address, int port, long blocks, double megabytesPerSecond) {
    long start = System.nanoTime();
    byte[] got = new byte[Pattern.BLOCK];
    byte[] wanted = new byte[Pattern.BLOCK];
    long i = 0;
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(1 << 20);
      socket.setSoTimeout(60_000);
      socket.connect(new InetSocketAddress(address, port), 10_000);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      double nanosPerBlock = Pattern.BLOCK / megabytesPerSecond * 1e3;
      long due = start;
      for (; i < blocks; i++) {
        in.readFully(got);
        Pattern.fill(wanted, i);
        if (!Arrays.equals(got, wanted)) {
          return "block " + i + " of " + blocks + " is wrong";
        }
        due = Math.max(due + (long) nanosPerBlock, System.nanoTime() - 50_000_000);
        due += i % PAUSE_EVERY_BLOCKS == PAUSE_EVERY_BLOCKS - 1 ? PAUSE_NANOS : 0;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
      }
      if (in.read() >= 0) {
        return "more than " + blocks + " blocks came";
      }
      return String.format("whole %.1f", (System.nanoTime() - start) / 1e9);
    } catch (IOException e) {
      return "after " + i + " of " + blocks + " blocks: " + e;
    }
  }
}
