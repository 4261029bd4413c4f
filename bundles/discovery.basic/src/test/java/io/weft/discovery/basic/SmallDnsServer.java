package io.weft.discovery.basic;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on loopback that knows a few records. */
final class SmallDnsServer implements AutoCloseable {

  static final int A = 1;
  static final int AAAA = 28;
  static final int SRV = 33;

  private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::serve, "small-dns");
  final AtomicInteger asked = new AtomicInteger();
  volatile boolean silent;

  SmallDnsServer() throws IOException {
    thread.setDaemon(true);
    thread.start();
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** Replaces the addresses of a name; none makes it exist without addresses. */
  SmallDnsServer host(String name, String... addresses) {
    List<byte[]> a = new ArrayList<>();
    List<byte[]> aaaa = new ArrayList<>();
    try {
      for (String address : addresses) {
        byte[] bytes = InetAddress.getByName(address).getAddress();
        (bytes.length == 4 ? a : aaaa).add(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    records.put(name + "/" + A, a);
    records.put(name + "/" + AAAA, aaaa);
    return this;
  }

  SmallDnsServer srv(String name, int priority, int weight, int port, String target) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeShort(priority);
      out.writeShort(weight);
      out.writeShort(port);
      writeName(out, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    records.computeIfAbsent(name + "/" + SRV, n -> new ArrayList<>()).add(bytes.toByteArray());
    return this;
  }

  void forget() {
    records.clear();
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    byte[] buffer = new byte[512];
    while (!socket.isClosed()) {
      try {
        DatagramPacket question = new DatagramPacket(buffer, buffer.length);
        socket.receive(question);
        asked.incrementAndGet();
        if (!silent) {
          byte[] answer = answer(ByteBuffer.wrap(buffer, 0, question.getLength()));
          socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
        }
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private byte[] answer(ByteBuffer question) throws IOException {
    short id = question.getShort();
    question.position(12);
    StringBuilder name = new StringBuilder();
    for (int n = question.get(); n > 0; n = question.get()) {
      byte[] label = new byte[n];
      question.get(label);
      name.append(name.length() == 0 ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
    }
    int type = question.getShort();
    List<byte[]> found = records.get(name + "/" + type);
    boolean exists = records.keySet().stream().anyMatch(k -> k.startsWith(name + "/"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeShort(id);
    out.writeShort(exists ? 0x8580 : 0x8583); // an answer with authority; 3 is NXDOMAIN
    out.writeShort(1);
    out.writeShort(found == null ? 0 : found.size());
    out.writeShort(0);
    out.writeShort(0);
    writeName(out, name.toString());
    out.writeShort(type);
    out.writeShort(1);
    for (byte[] record : found == null ? List.<byte[]>of() : found) {
      out.writeShort(0xc00c); // the name of the question
      out.writeShort(type);
      out.writeShort(1);
      out.writeInt(60);
      out.writeShort(record.length);
      out.write(record);
    }
    return bytes.toByteArray();
  }

  private static void writeName(DataOutputStream out, String name) throws IOException {
    for (String label : name.split("\\.")) {
      if (!label.isEmpty()) {
        out.writeByte(label.length());
        out.write(label.getBytes(StandardCharsets.US_ASCII));
      }
    }
    out.writeByte(0);
  }
}
