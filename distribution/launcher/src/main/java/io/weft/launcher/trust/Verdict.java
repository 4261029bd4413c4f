package io.weft.launcher.trust;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the gate thinks of a jar, in the words of {@code io.weft.plugin.PluginVerdict}, whose classes the launcher cannot see. */
record Verdict(
    String standing, String problem, String signer, String keyId, String name, String version, String sha256, String reason) {

  static Verdict good(String standing, String signer, JarFacts facts, String reason) {
    return new Verdict(standing, "NONE", signer, facts.keyId(), facts.name(), facts.version(), facts.sha256(), reason);
  }

  static Verdict refused(String problem, String signer, JarFacts facts, String reason) {
    return new Verdict("REFUSED", problem, signer, facts.keyId(), facts.name(), facts.version(), facts.sha256(), reason);
  }

  boolean mayRun() {
    return !standing.equals("REFUSED");
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("standing", standing);
    map.put("problem", problem);
    map.put("signer", signer);
    map.put("keyId", keyId);
    map.put("name", name);
    map.put("version", version);
    map.put("sha256", sha256);
    map.put("reason", reason);
    return map;
  }
}
