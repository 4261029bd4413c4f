package io.weft.itests.lab;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.process.Distribution;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One lab of itests/natlab, up until it is closed or this process ends, however that happens. */
public final class Lab implements AutoCloseable {

  private static final Path FOLDER = Distribution.root().resolve("itests/natlab");
  private static final long DOWN_SECONDS_MAX = 60;

  private final String name;
  private final Process holder;

  /** Packets that faults of one node dropped since they were set: those it sent, those sent to it, and UDP at a router that lets none out. */
  public record Dropped(long up, long down, long udp) {}

  /** A UDP flow through a router: who inside, to whom, and what it is outside, all {@code ip:port}; and whether something came back. */
  public record Flow(String inside, String remote, String outside, boolean answered) {}

  private Lab(String name, Process holder) {
    this.name = name;
    this.holder = holder;
  }

  /**
   * Sets up a topology, or skips the test where the machine cannot.
   *
   * @param name of the lab; at most 6 characters, since devices are named after it
   * @param topology a file below itests/natlab/topologies, without {@code .toml}
   */
  public static Lab up(String name, String topology) {
    Machine.needsRoot();
    Machine.needs("ip", "nft", "iptables", "conntrack", "cc", "python3");
    String unique = name + ProcessHandle.current().pid() % 1000;
    try {
      Path errors = Files.createTempFile("natlab", ".err");
      ProcessBuilder builder = new ProcessBuilder("./natlab", "hold", "topologies/" + topology + ".toml").directory(FOLDER.toFile());
      builder.environment().put("NATLAB", unique);
      Process holder = builder.redirectError(errors.toFile()).start();
      BufferedReader out = new BufferedReader(holder.inputReader(StandardCharsets.UTF_8));
      String line = out.readLine();
      String problem = Files.readString(errors);
      Files.delete(errors);
      if (!"up".equals(line)) {
        throw new AssertionError("the lab " + topology + " did not come up\n" + problem);
      }
      return new Lab(unique, holder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command of natlab: {@code fault("loss", "a", "up=5")}. */
  public void fault(String... words) {
    List<String> all = new ArrayList<>(List.of("fault"));
    all.addAll(List.of(words));
    natlab(all.toArray(String[]::new));
  }

  /** Forgets loss, partitions and slow links of all nodes. */
  public void restore() {
    natlab("restore");
  }

  /** Makes a router one of another kind; all its mappings are gone. */
  public void nat(String router, String kind) {
    natlab("nat", router, kind);
  }

  /** The address of a router outside. */
  public String wan(String router) {
    return natlab("wan", router).strip();
  }

  public Dropped dropped(String node) {
    Map<String, Long> counts = Arrays.stream(natlab("counters", node).strip().split(" ")).map(word -> word.split("="))
        .collect(Collectors.toMap(word -> word[0], word -> Long.parseLong(word[1])));
    return new Dropped(counts.get("up"), counts.get("down"), counts.get("udp"));
  }

  /** UDP flows that a router knows now. */
  public List<Flow> flows(String router) {
    return natlab("mappings", router).lines().map(line -> line.split(" ")).map(word -> new Flow(word[0], word[1], word[2], Boolean.parseBoolean(word[3])))
        .toList();
  }

  /** Words that run a command inside a node; the command replaces them. */
  public List<String> inside(String node) {
    return List.of("ip", "netns", "exec", name + "-" + node);
  }

  /** A command inside a node. */
  public Command command(String node, String... words) {
    List<String> all = new ArrayList<>(inside(node));
    all.addAll(List.of(words));
    return Command.of(all);
  }

  @Override
  public void close() {
    try {
      holder.getOutputStream().close();
      if (!holder.waitFor(DOWN_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new AssertionError("the lab " + name + " does not go down");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private String natlab(String... words) {
    List<String> all = new ArrayList<>(List.of("./natlab"));
    all.addAll(List.of(words));
    return Command.of(all).in(FOLDER).env("NATLAB", name).run().orFail();
  }
}
