package io.weft.itests.lab;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.process.Distribution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One lab of itests/natlab, up until it is closed. */
public final class Lab implements AutoCloseable {

  private static final Path FOLDER = Distribution.root().resolve("itests/natlab");

  private final String name;

  private Lab(String name) {
    this.name = name;
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
    Lab lab = new Lab(name + ProcessHandle.current().pid() % 1000);
    lab.natlab("up", "topologies/" + topology + ".toml");
    return lab;
  }

  /** A command of natlab: {@code fault("loss", "a", "up=5")}. */
  public void fault(String... words) {
    List<String> all = new ArrayList<>(List.of("fault"));
    all.addAll(List.of(words));
    natlab(all.toArray(String[]::new));
  }

  public void restore() {
    natlab("restore");
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
    natlab("down");
  }

  private void natlab(String... words) {
    List<String> all = new ArrayList<>(List.of("./natlab"));
    all.addAll(List.of(words));
    Command.of(all).in(FOLDER).env("NATLAB", name).run().orFail();
  }
}
