package io.weft.installer;

import io.weft.node.Setting;
import io.weft.node.Settings;
import io.weft.plugin.PluginPlan.SettingChange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which keys of {@code weft.yaml} appear and disappear with bundles. */
final class ConfigImpact {

  private static final Logger log = LoggerFactory.getLogger(ConfigImpact.class);

  private final Supplier<Optional<Settings>> settings;

  ConfigImpact(Supplier<Optional<Settings>> settings) {
    this.settings = settings;
  }

  List<SettingChange> of(List<Target> targets) {
    Map<String, Boolean> before = new TreeMap<>();
    Target.outgoing(targets).forEach(bundle -> declared(bundle).forEach((pid, keys) -> add(before, pid, keys)));
    Map<String, Boolean> after = new TreeMap<>();
    Target.incoming(targets).forEach(facts -> facts.settings().forEach((pid, keys) -> add(after, pid, keys)));
    Map<String, String> written = new HashMap<>();
    settings.get().ifPresent(s -> s.all().stream().filter(setting -> !setting.origin().equals("default"))
        .forEach((Setting setting) -> written.put(setting.key().replaceAll("\\[\\d+]", ""), setting.origin())));
    List<SettingChange> changes = new ArrayList<>();
    after.forEach((key, required) -> {
      if (!before.containsKey(key)) {
        changes.add(new SettingChange(key, false, required ? "has no default: set it in weft.yaml" : ""));
      }
    });
    before.forEach((key, required) -> {
      if (!after.containsKey(key)) {
        String origin = written.get(key);
        changes.add(new SettingChange(key, true, origin == null ? "" : "is set in " + origin + ": take it out, or the file is refused"));
      }
    });
    return changes;
  }

  private static void add(Map<String, Boolean> all, String pid, List<ConfigKeys.Key> keys) {
    keys.forEach(key -> all.put(ConfigKeys.section(pid) + "." + key.id(), key.required()));
  }

  private static Map<String, List<ConfigKeys.Key>> declared(Bundle bundle) {
    Map<String, List<ConfigKeys.Key>> declared = new TreeMap<>();
    Enumeration<URL> documents = bundle.findEntries(ConfigKeys.FOLDER, "*.xml", false);
    while (documents != null && documents.hasMoreElements()) {
      URL document = documents.nextElement();
      try (InputStream in = document.openStream()) {
        declared.putAll(ConfigKeys.read(in));
      } catch (IOException e) {
        log.warn("schema unreadable bundle={} reason=\"{}\"", bundle.getSymbolicName(), e.getMessage());
      }
    }
    return declared;
  }
}
