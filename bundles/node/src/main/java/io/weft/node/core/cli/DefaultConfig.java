package io.weft.node.core.cli;

import io.weft.node.core.config.ConfigSchema;
import io.weft.node.core.config.KeySchema;
import io.weft.node.core.config.SectionSchema;
import io.weft.support.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The first {@code weft.yaml} of a node: what it was told, and everything else as a comment. */
final class DefaultConfig {

  private static final int WIDTH = 140;
  private static final List<String> IN_TEMPLATE =
      List.of(ConfigSchema.NODE_PID, ConfigSchema.PEERS_PID, ConfigSchema.EXPOSE_PID, ConfigSchema.FORWARD_PID);

  private DefaultConfig() {}

  static String text(InitOptions options, String name, ConfigSchema schema) {
    StringBuilder out = new StringBuilder(template());
    replace(out, "@FABRIC@", options.fabric());
    replace(out, "@NAME@", name);
    replace(out, "@LISTEN@", options.listen());
    replace(out, "@PEERS@", peers(options));
    schema.sections().stream().filter(section -> !IN_TEMPLATE.contains(section.pid())).forEach(section -> comment(out, section));
    return out.toString();
  }

  private static String template() {
    try (InputStream in = DefaultConfig.class.getResourceAsStream("weft.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void replace(StringBuilder out, String mark, String text) {
    int at = out.indexOf(mark);
    out.replace(at, at + mark.length(), text);
  }

  private static String peers(InitOptions options) {
    List<InitOptions.Peer> named = options.peers().stream().filter(DefaultConfig::byName).toList();
    List<InitOptions.Peer> listed = options.peers().stream().filter(peer -> !byName(peer)).toList();
    StringBuilder out = new StringBuilder();
    if (listed.isEmpty()) {
      out.append("peers: []\n#  - {name: b, addresses: [\"192.0.2.7:7450\"], vip: 2}");
    } else {
      out.append("peers:\n");
      out.append(listed.stream().map(DefaultConfig::entry).collect(Collectors.joining("\n")));
    }
    if (!named.isEmpty()) {
      out.append("\n\n# Peers whose addresses a name server knows.\ndiscovery.basic.dns:\n");
      out.append(named.stream().map(DefaultConfig::dnsEntry).collect(Collectors.joining("\n")));
    }
    return out.toString();
  }

  private static boolean byName(InitOptions.Peer peer) {
    return peer.addresses().stream().anyMatch(address -> !address.isLiteral());
  }

  private static String entry(InitOptions.Peer peer) {
    String addresses = peer.addresses().stream().map(address -> "\"" + address + "\"").collect(Collectors.joining(", "));
    return "  - {name: " + quotedIfNumber(peer.name()) + (addresses.isEmpty() ? "" : ", addresses: [" + addresses + "]") + "}";
  }

  private static String dnsEntry(InitOptions.Peer peer) {
    HostPort address = peer.addresses().get(0);
    return "  - {peer: " + quotedIfNumber(peer.name()) + ", host: " + address.host() + ", port: " + address.port() + "}";
  }

  /** Names may look like numbers, true, false or null. */
  static String quotedIfNumber(String name) {
    return name.matches("[a-z][a-z0-9-]*") && !List.of("true", "false", "null").contains(name) ? name : "\"" + name + "\"";
  }

  private static void comment(StringBuilder out, SectionSchema section) {
    out.append('\n');
    wrap(out, "# ", section.description());
    out.append("# ").append(ConfigSchema.key(section.pid())).append(":\n");
    boolean first = true;
    for (KeySchema key : section.keys().values()) {
      wrap(out, "#     # ", ConfigReference.description(key));
      out.append(section.factory() && first ? "#   - " : section.factory() ? "#     " : "#   ").append(key.id()).append(": ");
      out.append(value(key)).append('\n');
      first = false;
    }
  }

  private static String value(KeySchema key) {
    if (key.many()) {
      return key.defaults().stream().map(DefaultConfig::quoted).collect(Collectors.joining(", ", "[", "]"));
    }
    boolean text = key.type() == KeySchema.Type.TEXT || key.type() == KeySchema.Type.SECRET;
    return text ? quoted(key.defaultText()) : key.defaultText();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static void wrap(StringBuilder out, String prefix, String text) {
    StringBuilder line = new StringBuilder(prefix);
    for (String word : text.split("\\s+")) {
      if (line.length() > prefix.length() && line.length() + word.length() > WIDTH) {
        out.append(line.toString().stripTrailing()).append('\n');
        line = new StringBuilder(prefix);
      }
      line.append(word).append(' ');
    }
    if (line.length() > prefix.length() + 1) {
      out.append(line.toString().stripTrailing()).append('\n');
    }
  }
}
