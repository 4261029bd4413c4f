package io.weft.itests.dcs;

import io.weft.itests.lab.Lab;
import io.weft.support.fence.FencedEndpoint;
import io.weft.support.fence.FencedRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link FencedEndpoint} in the middle of a lab, where partitions between hosts do not reach, as a process of its own that tells of
 * every attempt on a line; here they are recorded in the same order, and so decided in the same way.
 */
public final class EndpointInLab implements AutoCloseable {

  /** Where every host finds it. */
  public static final String ADDRESS = "169.254.0.1:9000";

  private static final String MIDDLE = "inet";

  private final FencedRecord record = new FencedRecord();
  private final Process process;

  public EndpointInLab(Lab lab) {
    List<String> words = new ArrayList<>(lab.inside(MIDDLE));
    words.addAll(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx64m", "-XX:+UseSerialGC", "-cp",
        Path.of(EndpointInLab.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString(),
        EndpointInLab.class.getName()));
    words.addAll(List.of(ADDRESS.split(":")));
    try {
      process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::read, "endpoint-in-lab");
    thread.setDaemon(true);
    thread.start();
  }

  public FencedRecord record() {
    return record;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        record.attempt(words[0], words[1], Instant.parse(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The process: HOST PORT; ends with its standard input. */
  public static void main(String[] args) throws IOException {
    try (FencedEndpoint endpoint = new FencedEndpoint(new InetSocketAddress(args[0], Integer.parseInt(args[1])), attempt -> {
      System.out.println(String.join(" ", attempt.node(), attempt.job(), attempt.period().toString(),
          Long.toString(attempt.token()), Long.toString(attempt.asked())));
      System.out.flush();
    })) {
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
