package io.weft.node.core.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;

/**
 * What must be equal on all nodes of a fabric: its name, and the names and numbers (vip) of its members, this node included. What
 * a node exposes, forwards and listens on is its own business. The canonical form is one line per fact, sorted:
 *
 * <pre>
 * weft/shared/1
 * fabric=demo
 * member=a
 * member=b vip=2
 * </pre>
 */
final class SharedPart {

  private static final int LENGTH = 12;

  private SharedPart() {}

  static String canonical(List<Instance> instances) {
    StringBuilder out = new StringBuilder("weft/shared/1\n");
    TreeSet<String> members = new TreeSet<>();
    for (Instance instance : instances) {
      if (instance.pid().equals(ConfigSchema.NODE_PID)) {
        out.append("fabric=").append(instance.text("fabric").orElse("")).append('\n');
        members.add(member(instance.text("node.name").orElse(""), instance.number("node.vip")));
      } else if (instance.pid().equals(ConfigSchema.PEERS_PID)) {
        members.add(member(instance.text("name").orElse(""), instance.number("vip")));
      }
    }
    members.forEach(member -> out.append(member).append('\n'));
    return out.toString();
  }

  private static String member(String name, long vip) {
    return "member=" + name + (vip > 0 ? " vip=" + vip : "");
  }

  /** The first 12 characters of SHA-256 over the canonical form, in base64url. */
  static String digest(List<Instance> instances) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(canonical(instances).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
