package io.weft.itests.bench.contender;

import io.weft.itests.Command;
import io.weft.itests.bench.Wire;
import io.weft.itests.bench.quic.BareQuic;
import io.weft.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Two processes with one stream of the QUIC codec between them. Not a forwarder: it makes and swallows its bytes itself. */
public final class BareQuicPair implements AutoCloseable {

  /** What the receiver counted. */
  public record Count(double bytes, double seconds) {}

  private static final int PORT = 7_999;

  private final Process server;
  private final Process client;
  private final BufferedReader answers;
  private final OutputStream orders;

  /** @param packet UDP payload of the packets it sends */
  public BareQuicPair(Wire wire, int packet) {
    Path keys = wire.directory().resolve("bare-quic.p12");
    Command.of("keytool", "-genkeypair", "-keyalg", "EC", "-alias", "bench", "-dname", "CN=bench", "-validity", "2", "-storetype", "PKCS12",
        "-keystore", keys.toString(), "-storepass", BareQuic.PASSWORD).run().orFail();
    String port = Integer.toString(PORT);
    Path log = wire.directory().resolve("bare-quic.log");
    server = Command.of(java(wire.insideB(), "server", Wire.ADDRESS_B, port, Integer.toString(packet), keys.toString())).start(log);
    Await.until("the bare QUIC server", Duration.ofSeconds(20), () -> Files.readString(log).contains("listening"));
    try {
      client = new ProcessBuilder(java(wire.insideA(), "client", Wire.ADDRESS_B, port, Integer.toString(packet)))
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      answers = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
      orders = client.getOutputStream();
      if (!"connected".equals(answers.readLine())) {
        throw new IllegalStateException("the bare QUIC client did not connect");
      }
    } catch (IOException e) {
      server.destroyForcibly();
      throw new UncheckedIOException(e);
    }
  }

  /** Sends for that long; waits for the end. */
  public Count run(int seconds) {
    try {
      orders.write((seconds + "\n").getBytes(StandardCharsets.UTF_8));
      orders.flush();
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("the bare QUIC client has ended");
      }
      String[] answer = line.split(" ");
      return new Count(Double.parseDouble(answer[0]), Double.parseDouble(answer[1]) / 1e9);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Collection<ProcessHandle> processes() {
    return List.of(client.toHandle(), server.toHandle());
  }

  @Override
  public void close() {
    client.destroyForcibly();
    server.destroyForcibly();
  }

  private static List<String> java(List<String> prefix, String... args) {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx256m", "-XX:+UseSerialGC",
        "-Dio.netty.leakDetection.level=disabled", "-cp", System.getProperty("java.class.path"), BareQuic.class.getName()));
    words.addAll(List.of(args));
    return words;
  }
}
