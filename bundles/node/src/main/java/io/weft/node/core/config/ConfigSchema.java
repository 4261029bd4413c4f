package io.weft.node.core.config;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Everything that the installed bundles declare, and where in the file it is written. Immutable. */
public final class ConfigSchema {

  /** The PID of the sections {@code fabric}, {@code node} and {@code identity}. */
  public static final String NODE_PID = "weft.node";

  /** The PID of the entries of {@code peers}. */
  public static final String PEERS_PID = "weft.discovery.basic.static";

  /** The PID of the entries of {@code expose}. */
  public static final String EXPOSE_PID = "weft.forward.expose";

  /** The PID of the entries of {@code forward}. */
  public static final String FORWARD_PID = "weft.forward.local";

  /** The PID of the section {@code log}. */
  public static final String LOG_PID = "weft.node.log";

  /** The PID of the section {@code signaling}. */
  public static final String SIGNALING_PID = "weft.signaling";

  /** The PID of the entries of {@code relays}. */
  public static final String RELAYS_PID = "weft.path.ice.server";

  private static final String PREFIX = "weft.";
  private static final Map<String, String> SHORT = Map.of("peers", PEERS_PID, "expose", EXPOSE_PID, "forward", FORWARD_PID,
      "log", LOG_PID, "relays", RELAYS_PID);
  private static final Map<String, String> LIST_KEYS = Map.of(SIGNALING_PID, "brokers");

  private final Map<String, SectionSchema> byPid = new TreeMap<>();

  /** Of two sections for one PID the first counts; installed bundles come before those that could be. */
  public ConfigSchema(Collection<SectionSchema> sections) {
    sections.forEach(section -> byPid.putIfAbsent(section.pid(), section));
  }

  /** By PID. */
  public Collection<SectionSchema> sections() {
    return byPid.values();
  }

  public Optional<SectionSchema> byPid(String pid) {
    return Optional.ofNullable(byPid.get(pid));
  }

  /** The section that is written under that key at the top of the file. PIDs of others than us are keys as they are. */
  Optional<SectionSchema> byKey(String key) {
    String pid = SHORT.getOrDefault(key, PREFIX + key);
    if (pid.equals(NODE_PID)) {
      return Optional.empty();
    }
    return byPid(pid).or(() -> key.startsWith(PREFIX) ? Optional.empty() : byPid(key));
  }

  /** The one key that a section stands for if a list is written in its place: {@code signaling: [...]} is {@code signaling.brokers}. */
  public static Optional<String> listKey(String pid) {
    return Optional.ofNullable(LIST_KEYS.get(pid));
  }

  /** How the section is called at the top of the file; empty for that of the node, whose keys are at the top themselves. */
  public static String key(String pid) {
    if (pid.equals(NODE_PID)) {
      return "";
    }
    return SHORT.entrySet().stream()
        .filter(e -> e.getValue().equals(pid))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(pid.startsWith(PREFIX) ? pid.substring(PREFIX.length()) : pid);
  }
}
