package io.weft.itests.bench;

import io.weft.itests.Command;
import io.weft.support.JsonReader;
import io.weft.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of iperf3: a client in {@code a}, a server in {@code b}. */
final class Iperf {

  /**
   * What the receiver saw.
   *
   * @param cpuSeconds of both iperf3 processes
   * @param streams bytes of each connection
   */
  record Result(double megabytesPerSecond, double bytes, double cpuSeconds, double[] streams) {}

  private Iperf() {}

  /** Null if it did not get through. */
  static @Nullable Result run(Wire wire, String host, int port, int serverPort, int seconds, int connections) {
    Path log = wire.directory().resolve("iperf-server.log");
    List<String> words = new ArrayList<>(wire.insideB());
    words.addAll(List.of("iperf3", "-s", "-1", "--forceflush", "-p", Integer.toString(serverPort)));
    try {
      Files.deleteIfExists(log);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    Process server = Command.of(words).start(log);
    try {
      Await.until("iperf3 to listen", Duration.ofSeconds(5), () -> Files.readString(log).contains("Server listening"));
      words = new ArrayList<>(wire.insideA());
      words.addAll(List.of("iperf3", "-J", "-c", host, "-p", Integer.toString(port), "-t", Integer.toString(seconds),
          "-P", Integer.toString(connections), "--connect-timeout", "8000"));
      Command.Result result = Command.of(words).within(Duration.ofSeconds(seconds + 20)).run();
      return result.exitCode() == 0 ? parse(result.out(), seconds) : null;
    } catch (AssertionError e) {
      System.out.println("  iperf3 to " + host + ":" + port + ": " + e.getMessage().lines().findFirst().orElse(""));
      return null;
    } finally {
      server.descendants().forEach(ProcessHandle::destroyForcibly);
      server.destroyForcibly();
    }
  }

  private static Result parse(String json, int seconds) {
    // iperf3 3.12 writes these once for each connection into the same object.
    String once = json.replaceAll("\"(sock_bufsize|sndbuf_actual|rcvbuf_actual)\":\\s*\\d+,", "");
    Map<?, ?> end = map(map(JsonReader.read(once)).get("end"));
    Map<?, ?> received = map(end.get("sum_received"));
    Map<?, ?> cpu = map(end.get("cpu_utilization_percent"));
    double cpuSeconds = (number(cpu.get("host_total")) + number(cpu.get("remote_total"))) / 100 * seconds;
    double bytes = number(received.get("bytes"));
    double[] streams = ((List<?>) end.get("streams")).stream().mapToDouble(s -> number(map(map(s).get("receiver")).get("bytes"))).toArray();
    return new Result(bytes / number(received.get("seconds")) / 1e6, bytes, cpuSeconds, streams);
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) value;
  }

  private static double number(@Nullable Object value) {
    return ((Number) value).doubleValue();
  }
}
