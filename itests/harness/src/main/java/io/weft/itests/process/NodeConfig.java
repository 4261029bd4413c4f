package io.weft.itests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** The weft.yaml of a node, and the secret beside it. */
public final class NodeConfig {

  private static final String FORMATION = "a formation secret that is only good for tests";

  private final String name;
  private final String listen;
  private final List<String> peers = new ArrayList<>();
  private final List<String> exposes = new ArrayList<>();
  private final List<String> forwards = new ArrayList<>();
  private final List<String> more = new ArrayList<>();
  private String transport = "";
  private String labels = "";
  private final Map<String, String> secrets = new TreeMap<>(Map.of("formation", FORMATION));

  /** @param listen the address for links, {@code ip:port} */
  public NodeConfig(String name, String listen) {
    this.name = name;
    this.listen = listen;
  }

  public String name() {
    return name;
  }

  public String listen() {
    return listen;
  }

  public NodeConfig peer(NodeConfig other) {
    return peer(other.name, other.listen);
  }

  public NodeConfig peer(String peer, String address) {
    peers.add("{name: " + peer + ", addresses: [\"" + address + "\"]}");
    return this;
  }

  /** A peer whose address nobody knows yet. */
  public NodeConfig peer(String peer) {
    peers.add("{name: " + peer + "}");
    return this;
  }

  public NodeConfig clearPeers() {
    peers.clear();
    return this;
  }

  /** @param kind {@code tcp}, {@code udp} or {@code http} */
  public NodeConfig expose(String service, String kind, String target, String... allow) {
    exposes.add("{service: " + service + ", " + kind + ": \"" + target + "\", allow: [" + quoted(allow) + "]}");
    return this;
  }

  public NodeConfig forward(String service, String at, String kind, String address) {
    forwards.add("{service: " + service + ", at: " + at + ", " + kind + ": \"" + address + "\"}");
    return this;
  }

  public NodeConfig clearForwards() {
    forwards.clear();
    return this;
  }

  public NodeConfig clearExposes() {
    exposes.clear();
    return this;
  }

  /** @param settings of the transport besides its address, each {@code , KEY: VALUE} */
  public NodeConfig transport(String settings) {
    transport = settings;
    return this;
  }

  /** The one label of this node. */
  public NodeConfig label(String key, String value) {
    labels = ", labels: {" + key + ": \"" + value + "\"}";
    return this;
  }

  /** Another secret, {@code secret:file/NAME}. */
  public NodeConfig secret(String name, String value) {
    secrets.put(name, value);
    return this;
  }

  /** Forgets every {@link #line}. */
  public NodeConfig clearLines() {
    more.clear();
    return this;
  }

  /** Another line at the end. */
  public NodeConfig line(String yaml) {
    more.add(yaml);
    return this;
  }

  public String yaml() {
    StringJoiner lines = new StringJoiner("\n", "", "\n");
    lines.add("fabric: itest");
    lines.add("node: {name: " + name + labels + "}");
    lines.add("identity: {formation: \"secret:file/formation\"}");
    lines.add("transport.quic: {listen: \"" + listen + "\"" + transport + "}");
    section(lines, "peers", peers);
    section(lines, "expose", exposes);
    section(lines, "forward", forwards);
    more.forEach(lines::add);
    return lines.toString();
  }

  /** Writes the file as an editor does, whole or not at all, and the secrets if they are not there. */
  public void writeTo(Path home) {
    try {
      Path conf = Files.createDirectories(home.resolve("conf"));
      Path folder = conf.resolve("secrets");
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
          Path file = folder.resolve(secret.getKey());
          Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
          Files.writeString(file, secret.getValue());
        }
      }
      Path next = conf.resolve("weft.yaml.new");
      Files.writeString(next, yaml());
      Files.move(next, conf.resolve("weft.yaml"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void section(StringJoiner lines, String key, List<String> entries) {
    if (!entries.isEmpty()) {
      lines.add(key + ":");
      entries.forEach(entry -> lines.add("  - " + entry));
    }
  }

  private static String quoted(String... names) {
    StringJoiner joiner = new StringJoiner(", ");
    for (String n : names) {
      joiner.add('"' + n + '"');
    }
    return joiner.toString();
  }
}
