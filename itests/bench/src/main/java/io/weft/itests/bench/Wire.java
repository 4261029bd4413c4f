package io.weft.itests.bench;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.process.Distribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two namespaces on one cable: {@code a} is 10.99.0.1, {@code b} is 10.99.0.2. Offloads are off, so that a packet on the wire is a packet and
 * one percent of loss is one percent.
 */
public final class Wire implements AutoCloseable {

  public static final String ADDRESS_A = "10.99.0.1";
  public static final String ADDRESS_B = "10.99.0.2";

  private static final String A = "weft-bench-a";
  private static final String B = "weft-bench-b";

  private final Path directory;
  private final List<Process> emulators = new ArrayList<>();
  // A benchmark that is stopped in the middle must not be in the way of the next.
  private final Thread atExit = new Thread(this::remove, "remove-wire");

  private Wire(Path directory) {
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  static Wire up(int mtu) {
    Machine.needsRoot();
    Machine.needs("ip", "nft", "iptables", "ethtool", "iperf3");
    run("ip", "netns", "add", A);
    run("ip", "netns", "add", B);
    run("ip", "-n", A, "link", "add", "w", "type", "veth", "peer", "name", "w", "netns", B);
    end(A, ADDRESS_A, mtu);
    end(B, ADDRESS_B, mtu);
    try {
      return new Wire(Files.createTempDirectory("weftbench"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(String namespace, String address, int mtu) {
    run("ip", "-n", namespace, "addr", "add", address + "/24", "dev", "w");
    run("ip", "-n", namespace, "link", "set", "w", "mtu", Integer.toString(mtu), "up");
    run("ip", "-n", namespace, "link", "set", "lo", "up");
    run("ip", "netns", "exec", namespace, "ethtool", "-K", "w", "tso", "off", "gso", "off", "gro", "off", "tx-udp-segmentation", "off");
  }

  /** For files of this run. */
  public Path directory() {
    return directory;
  }

  public List<String> insideA() {
    return List.of("ip", "netns", "exec", A);
  }

  public List<String> insideB() {
    return List.of("ip", "netns", "exec", B);
  }

  public String namespaceA() {
    return A;
  }

  public String namespaceB() {
    return B;
  }

  /** Random loss, both ways; 0 for none. */
  void loss(double percent) {
    for (String namespace : List.of(A, B)) {
      String rules = "table netdev loss {}\ndelete table netdev loss\n";
      if (percent > 0) {
        rules += "table netdev loss { chain in { type filter hook ingress device \"w\" priority 0; numgen random mod 10000 < "
            + Math.round(percent * 100) + " counter drop; }; }\n";
      }
      run("ip", "netns", "exec", namespace, "nft", rules);
    }
  }

  /** The congestion control of TCP, at both ends: one that this kernel lets a namespace use. */
  void tcp(String control) {
    for (String namespace : List.of(A, B)) {
      run("ip", "netns", "exec", namespace, "sysctl", "-qw", "net.ipv4.tcp_congestion_control=" + control);
    }
  }

  /** A slower path, both ways: one-way delay, rate, and a queue in front of it. Stays until the wire is closed. */
  void emulate(double delayMillis, double megabitsPerSecond, int queuePackets) {
    Path emulator = directory.resolve("nfem");
    run("cc", "-O2", "-o", emulator.toString(), Distribution.root().resolve("itests/natlab/nfem.c").toString());
    for (String namespace : List.of(A, B)) {
      run("ip", "netns", "exec", namespace, "iptables", "-t", "mangle", "-A", "INPUT", "-i", "w", "-j", "NFQUEUE", "--queue-num", "1",
          "--queue-bypass");
      String queue = "1:delay=" + delayMillis + ",rate=" + megabitsPerSecond + ",queue=" + queuePackets;
      emulators.add(Command.of("ip", "netns", "exec", namespace, emulator.toString(), queue).start(directory.resolve("nfem.log")));
    }
    io.weft.testkit.Await.until("nfem", Duration.ofSeconds(5),
        () -> Files.readString(directory.resolve("nfem.log")).lines().filter("ready"::equals).count() == 2);
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    remove();
  }

  private void remove() {
    emulators.forEach(Process::destroyForcibly);
    for (String namespace : List.of(A, B)) {
      Command.of("ip", "netns", "pids", namespace).run().out().lines()
          .forEach(pid -> ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly));
      run("ip", "netns", "del", namespace);
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String... words) {
    Command.of(words).run().orFail();
  }
}
