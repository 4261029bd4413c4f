package io.weft.itests.bench.contender;

import io.weft.itests.Command;
import io.weft.itests.Machine;
import io.weft.itests.bench.Wire;
import io.weft.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;

/** WireGuard in user space, as Debian packages it. */
public final class WireguardGo implements Contender {

  private static final String INSIDE_A = "10.98.1.1";
  private static final String INSIDE_B = "10.98.1.2";

  private final Daemons daemons;

  public WireguardGo(Wire wire) {
    Machine.needs("wireguard-go", "wg");
    daemons = new Daemons(wire, "wireguard-go");
    daemons.startInA("wireguard-go", "-f", "wg-bench-a");
    daemons.startInB("wireguard-go", "-f", "wg-bench-b");
    Path sockets = Path.of("/var/run/wireguard");
    Await.until("wireguard-go", Duration.ofSeconds(10),
        () -> Files.exists(sockets.resolve("wg-bench-a.sock")) && Files.exists(sockets.resolve("wg-bench-b.sock")));
    String keyA = Command.of("wg", "genkey").run().orFail().strip();
    String keyB = Command.of("wg", "genkey").run().orFail().strip();
    configure(wire, wire.namespaceA(), "wg-bench-a", keyA, publicKey(wire, keyB), INSIDE_A, INSIDE_B, Wire.ADDRESS_B);
    configure(wire, wire.namespaceB(), "wg-bench-b", keyB, publicKey(wire, keyA), INSIDE_B, INSIDE_A, Wire.ADDRESS_A);
    Reachable.awaitPing(wire, INSIDE_B);
  }

  private static String publicKey(Wire wire, String key) {
    Path file = file(wire, "wg-key", key);
    return Command.of("sh", "-c", "wg pubkey < " + file).run().orFail().strip();
  }

  private static void configure(
      Wire wire, String namespace, String device, String key, String peerKey, String address, String peerAddress, String endpoint) {
    Path file = file(wire, device + ".key", key);
    Command.of("ip", "netns", "exec", namespace, "wg", "set", device, "listen-port", "51820", "private-key", file.toString(),
        "peer", peerKey, "allowed-ips", peerAddress + "/32", "endpoint", endpoint + ":51820").run().orFail();
    Command.of("ip", "-n", namespace, "addr", "add", address + "/24", "dev", device).run().orFail();
    Command.of("ip", "-n", namespace, "link", "set", device, "mtu", "1420", "up").run().orFail();
  }

  private static Path file(Wire wire, String name, String content) {
    try {
      return Files.writeString(wire.directory().resolve(name), content + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "wireguard-go";
  }

  @Override
  public String host() {
    return INSIDE_B;
  }

  @Override
  public Collection<ProcessHandle> processes() {
    return daemons.handles();
  }

  @Override
  public void close() {
    daemons.close();
  }
}
