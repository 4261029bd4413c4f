package io.weft.launcher.demo;

import io.weft.launcher.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Two homes and a public host, made of network namespaces: a behind router r1, b behind router r2, both routers and the hub on "inet",
 * which only forwards. The routers translate addresses and let nobody in who was not called. Nothing is set up outside these
 * namespaces, and a guard takes them away even if this process is killed.
 */
final class Namespaces implements AutoCloseable {

  static final String HUB = "198.51.100.10";

  private static final String GATEWAY = "169.254.0.1";
  private static final List<String> NODES = List.of("inet", "hub", "r1", "r2", "a", "b");
  private static final int FIRST_REBOUND_PORT = 30_000;
  private static final int COMMAND_SECONDS_MAX = 20;

  private static final String GUARD = """
      trap '' INT TERM HUP
      cat >/dev/null
      for n in "$@"; do kill -9 $(ip netns pids "$n") 2>/dev/null; done
      for n in "$@"; do ip netns del "$n"; done
      """;

  private final String prefix = "weft-demo-" + ProcessHandle.current().pid() + "-";
  private final Process guard;
  private int reboundPorts = FIRST_REBOUND_PORT;

  private Namespaces() throws IOException {
    List<String> words = new ArrayList<>(List.of("sh", "-c", GUARD, "guard"));
    NODES.forEach(node -> words.add(prefix + node));
    guard = new ProcessBuilder(words)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** @throws Failure that says what is missing, if this machine or this user cannot have namespaces */
  static Namespaces create() throws Failure {
    List<String> missing = new ArrayList<>();
    if (!ThisMachine.isRoot()) {
      missing.add("root");
    }
    Stream.of("ip", "nft").filter(program -> ThisMachine.find(program).isEmpty()).forEach(program -> missing.add("the program " + program));
    if (!missing.isEmpty()) {
      String advice = missing.equals(List.of("root")) ? "" : " (Debian: apt-get install iproute2 nftables)";
      throw cannot(String.join(", ", missing) + advice, null);
    }
    try {
      Namespaces namespaces = new Namespaces();
      try {
        namespaces.build();
        return namespaces;
      } catch (IOException e) {
        namespaces.close();
        throw e;
      }
    } catch (IOException e) {
      throw cannot("network namespaces with nftables, and the attempt ended with: " + e.getMessage(), e);
    }
  }

  private static Failure cannot(String missing, IOException cause) {
    return new Failure(Failure.PRECONDITION,
        "weft demo --nat puts nodes into network namespaces, behind routers that translate addresses. For that it needs "
            + missing + ". Without it, try weft demo.", cause);
  }

  private void build() throws IOException {
    ip("", NODES.stream().map(node -> "netns add " + prefix + node).toArray(String[]::new));
    for (String node : NODES) {
      ip(node, "link set lo up");
    }
    for (String node : List.of("inet", "r1", "r2")) {
      run("", "ip", "netns", "exec", prefix + node, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
    }
    plugIntoInternet("hub", "eth0", HUB);
    plugIntoInternet("r1", "wan", wan("r1"));
    plugIntoInternet("r2", "wan", wan("r2"));
    home("r1", "a", "10.1.0");
    home("r2", "b", "10.2.0");
    translate("r1", "masquerade");
    translate("r2", "masquerade");
  }

  /** The address of a router outside. */
  static String wan(String router) {
    return "203.0.113." + router.substring(1);
  }

  /** A cable of its own to inet, as carriers do: no network is shared. */
  private void plugIntoInternet(String node, String device, String address) throws IOException {
    ip("inet", "link add to-" + node + " type veth peer name " + device + " netns " + prefix + node,
        "link set to-" + node + " up", "addr add " + GATEWAY + "/32 dev to-" + node);
    ip(node, "addr add " + address + "/32 dev " + device);
    switchOn(node, device);
    ip("inet", "route add " + address + "/32 dev to-" + node);
  }

  private void switchOn(String node, String device) throws IOException {
    ip(node, "link set " + device + " up", "route replace " + GATEWAY + " dev " + device,
        "route replace default via " + GATEWAY + " dev " + device);
  }

  private void home(String router, String host, String network) throws IOException {
    ip(router, "link add lan type veth peer name eth0 netns " + prefix + host, "link set lan up",
        "addr add " + network + ".1/24 dev lan");
    ip(host, "link set eth0 up", "addr add " + network + ".2/24 dev eth0", "route add default via " + network + ".1");
  }

  private void translate(String router, String how) throws IOException {
    nft(router, """
        table ip nat {}
        delete table ip nat
        table ip nat {
          chain post { type nat hook postrouting priority srcnat; oifname "wan" %s; oifname "wan" masquerade; }
          chain input { type filter hook input priority 0; iifname "wan" ct state new drop; }
          chain forward { type filter hook forward priority 0; iifname "wan" ct state new drop; }
        }
        """.formatted(how));
  }

  /** The router comes back after a restart: it has forgotten every flow, and gives other ports from now on. */
  void rebind(String router) throws IOException {
    String ports = reboundPorts + "-" + (reboundPorts + 999);
    reboundPorts += 1_000;
    translate(router, "meta l4proto { tcp, udp } masquerade to :" + ports);
    // The kernel forgets what it masqueraded for a device that goes down; so the conntrack tool is not needed.
    ip(router, "link set wan down");
    switchOn(router, "wan");
  }

  /** No packet goes from router to router any more; each still reaches the hub. */
  void cutBetweenRouters() throws IOException {
    nft("inet", """
        table ip cut {
          chain forward { type filter hook forward priority 0;
            ip saddr %1$s ip daddr %2$s drop;
            ip saddr %2$s ip daddr %1$s drop;
          }
        }
        """.formatted(wan("r1"), wan("r2")));
  }

  void healBetweenRouters() throws IOException {
    nft("inet", "delete table ip cut\n");
  }

  /** Words that run a command inside a node; the command replaces them. */
  List<String> inside(String node) {
    return List.of("ip", "netns", "exec", prefix + node);
  }

  private void ip(String node, String... lines) throws IOException {
    List<String> words = new ArrayList<>(List.of("ip"));
    words.addAll(node.isEmpty() ? List.of() : List.of("-n", prefix + node));
    words.addAll(List.of("-batch", "-"));
    run(String.join("\n", lines) + "\n", words.toArray(String[]::new));
  }

  private void nft(String node, String rules) throws IOException {
    run(rules, "ip", "netns", "exec", prefix + node, "nft", "-f", "-");
  }

  private static void run(String input, String... words) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("PATH", ThisMachine.path());
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", words) + ": " + said);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    try {
      guard.getOutputStream().close();
      guard.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (IOException e) {
      System.err.println("weft: could not take the namespaces " + prefix + "* away: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the guard does its work all the same
    }
  }
}
