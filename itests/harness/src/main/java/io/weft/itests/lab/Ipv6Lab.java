package io.weft.itests.lab;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Hosts without any IPv4 address, each a namespace of its own, around one router. Host number n has {@code 2a10:n::2}. Closing it
 * removes them.
 */
public final class Ipv6Lab implements AutoCloseable {

  private final String prefix;
  private final List<String> hosts;
  private final Thread atExit = new Thread(this::down, "ipv6-lab-down");

  private Ipv6Lab(String prefix, List<String> hosts) {
    this.prefix = prefix;
    this.hosts = hosts;
  }

  /** Sets it up, or skips the test where the machine cannot. */
  public static Ipv6Lab up(String... hosts) {
    Machine.needsRoot();
    Machine.needs("ip", "nft", "sysctl");
    Ipv6Lab lab = new Ipv6Lab("w6" + ProcessHandle.current().pid() % 100_000, List.of(hosts));
    Runtime.getRuntime().addShutdownHook(lab.atExit);
    lab.build();
    return lab;
  }

  private void build() {
    namespace("r");
    ip("r", "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
    for (String host : hosts) {
      namespace(host);
      run("ip", "-n", name("r"), "link", "add", "to-" + host, "type", "veth", "peer", "name", "w", "netns", name(host));
      run("ip", "-n", name("r"), "addr", "add", network(host) + "1/64", "dev", "to-" + host, "nodad");
      run("ip", "-n", name("r"), "link", "set", "to-" + host, "up");
      run("ip", "-n", name(host), "addr", "add", address(host) + "/64", "dev", "w", "nodad");
      run("ip", "-n", name(host), "link", "set", "w", "up");
      run("ip", "-n", name(host), "route", "add", "default", "via", network(host) + "1");
    }
    ip("r", "nft", "add table inet cut; add chain inet cut f { type filter hook forward priority 0; }");
  }

  private void namespace(String host) {
    run("ip", "netns", "add", name(host));
    run("ip", "-n", name(host), "link", "set", "lo", "up");
  }

  private String name(String host) {
    return prefix + host;
  }

  private String network(String host) {
    return "2a10:" + (hosts.indexOf(host) + 1) + "::";
  }

  public String address(String host) {
    return network(host) + "2";
  }

  /** Words before a command that is to run at a host. */
  public List<String> inside(String host) {
    return List.of("ip", "netns", "exec", name(host));
  }

  /** Nothing goes straight between these two any more. */
  public void cut(String one, String other) {
    for (List<String> way : List.of(List.of(one, other), List.of(other, one))) {
      ip("r", "nft", "add rule inet cut f iifname to-" + way.get(0) + " oifname to-" + way.get(1) + " counter drop");
    }
  }

  /** Packets that did not pass because of {@link #cut}. */
  public long dropped() {
    String rules = ip("r", "nft", "list", "chain", "inet", "cut", "f");
    return Arrays.stream(rules.split("packets ")).skip(1)
        .mapToLong(rest -> Long.parseLong(rest.substring(0, rest.indexOf(' '))))
        .sum();
  }

  public void mend() {
    ip("r", "nft", "flush", "chain", "inet", "cut", "f");
  }

  private String ip(String host, String... words) {
    List<String> all = new ArrayList<>(inside(host));
    all.addAll(List.of(words));
    return run(all.toArray(String[]::new));
  }

  private static String run(String... words) {
    return Command.of(words).run().orFail();
  }

  private void down() {
    hosts.forEach(host -> Command.of("ip", "netns", "del", name(host)).run());
    Command.of("ip", "netns", "del", name("r")).run();
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    down();
  }
}
