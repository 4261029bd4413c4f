package io.weft.itests.net;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;

/**
 * Small services that say who they are, as a program of its own so that it can run inside a namespace. {@code Fetch serve ADDRESS
 * PORT=NAME...} answers each connection with its name and some blocks; {@code Fetch get ADDRESS PORT=NAME...} asks each, checks what
 * comes, and prints a line for each: {@code ok PORT=NAME}, or what was wrong.
 */
public final class Fetch {

  private static final int BLOCKS = 4;
  private static final int TIMEOUT_MILLIS = 20_000;

  private Fetch() {}

  public static void main(String[] args) throws IOException {
    for (int i = 2; i < args.length; i++) {
      int port = Integer.parseInt(args[i].replaceAll("=.*", ""));
      String name = args[i].replaceAll(".*=", "");
      if (args[0].equals("serve")) {
        serve(new ServerSocket(port, 64, InetAddress.getByName(args[1])), name);
      } else {
        System.out.println(get(new InetSocketAddress(args[1], port), name) + " " + args[i]);
      }
    }
    if (args[0].equals("serve")) {
      System.out.println("listening");
    }
  }

  private static void serve(ServerSocket server, String name) {
    new Thread(() -> {
      while (true) {
        try (Socket socket = server.accept()) {
          DataOutputStream out = new DataOutputStream(socket.getOutputStream());
          out.writeUTF(name);
          byte[] block = new byte[Pattern.BLOCK];
          for (int i = 0; i < BLOCKS; i++) {
            Pattern.fill(block, name.hashCode() + i);
            out.write(block);
          }
        } catch (IOException e) {
          System.out.println("a client of " + name + " went away: " + e);
        }
      }
    }, "fetch-" + name).start();
  }

  private static String get(InetSocketAddress address, String name) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(address, TIMEOUT_MILLIS);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      String said = in.readUTF();
      if (!said.equals(name)) {
        return "it says that it is " + said + ":";
      }
      byte[] got = new byte[Pattern.BLOCK];
      byte[] wanted = new byte[Pattern.BLOCK];
      for (int i = 0; i < BLOCKS; i++) {
        in.readFully(got);
        Pattern.fill(wanted, name.hashCode() + i);
        if (!Arrays.equals(got, wanted)) {
          return "block " + i + " is wrong:";
        }
      }
      return in.read() < 0 ? "ok" : "more came than was sent:";
    } catch (IOException e) {
      return e + ":";
    }
  }
}
