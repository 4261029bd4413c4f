package io.weft.launcher.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/** The applications at the other end: they dial a local address and do not know where it leads. */
final class Traffic {

  /** @param sha256 in hex */
  record Transfer(long bytes, long nanos, String sha256) {

    double megabytesPerSecond() {
      return bytes / 1e6 / (nanos / 1e9);
    }
  }

  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(ANSWER_MAX).build();

  /** The body of the answer. */
  String get(String url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER_MAX).build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (response.statusCode() != 200) {
      throw new IOException("HTTP " + response.statusCode());
    }
    return response.body();
  }

  Transfer download(String url) throws IOException, InterruptedException {
    MessageDigest digest = sha256();
    long start = System.nanoTime();
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    long bytes = 0;
    byte[] buffer = new byte[DemoServices.BLOCK];
    try (InputStream in = new DigestInputStream(response.body(), digest)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes += n;
      }
    }
    return new Transfer(bytes, System.nanoTime() - start, HexFormat.of().formatHex(digest.digest()));
  }

  /** What the digest of the file must be, computed without the fabric. */
  static String expectedSha256() {
    MessageDigest digest = sha256();
    byte[] block = new byte[DemoServices.BLOCK];
    for (long at = 0; at < DemoServices.FILE_BYTES; at += block.length) {
      DemoServices.fill(block, at);
      digest.update(block);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Sends datagrams one by one; returns how many came back unchanged. */
  static int echo(InetSocketAddress address, int count, int length) throws IOException {
    int good = 0;
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(address);
      socket.setSoTimeout(1_000);
      byte[] sent = new byte[length];
      for (int i = 0; i < count; i++) {
        DemoServices.fill(sent, i + 1L);
        socket.send(new DatagramPacket(sent, length));
        DatagramPacket received = new DatagramPacket(new byte[64 * 1024], 64 * 1024);
        try {
          socket.receive(received);
          boolean same = java.util.Arrays.equals(sent, 0, length, received.getData(), 0, received.getLength());
          good += same ? 1 : 0;
        } catch (SocketTimeoutException lost) {
          continue; // counted by not being counted
        }
      }
    }
    return good;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
