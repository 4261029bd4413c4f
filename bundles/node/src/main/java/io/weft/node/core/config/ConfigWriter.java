package io.weft.node.core.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Makes Configuration Admin hold what the file says: removes what is ours and gone, updates what differs, adds what is new. */
final class ConfigWriter {

  /** Marks configurations as ours. The leading dot keeps it out of service properties. */
  static final String MARK = ".weft.from";

  private static final String FILE = "weft.yaml";

  private final ConfigurationAdmin admin;

  ConfigWriter(ConfigurationAdmin admin) {
    this.admin = admin;
  }

  /** PIDs that were touched. What goes, goes first, so that addresses and names are free for what comes. */
  List<String> write(List<Instance> instances) throws IOException {
    Map<String, Instance> wanted = new HashMap<>();
    instances.stream().filter(Instance::written).forEach(instance -> wanted.put(instance.id(), instance));
    List<String> touched = new ArrayList<>();
    Configuration[] present = present();
    for (Configuration configuration : present) {
      if (!wanted.containsKey(configuration.getPid())) {
        touched.add(configuration.getPid());
        configuration.delete();
      }
    }
    for (Instance instance : instances) {
      if (wanted.containsKey(instance.id()) && configuration(instance).updateIfDifferent(properties(instance))) {
        touched.add(instance.id());
      }
    }
    return touched;
  }

  private Configuration[] present() throws IOException {
    try {
      Configuration[] found = admin.listConfigurations("(" + MARK + "=" + FILE + ")");
      return found == null ? new Configuration[0] : found;
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException("a filter of our own is well-formed", e);
    }
  }

  private Configuration configuration(Instance instance) throws IOException {
    return instance.entry() == null
        ? admin.getConfiguration(instance.pid(), "?")
        : admin.getFactoryConfiguration(instance.pid(), instance.entry(), "?");
  }

  private static Dictionary<String, Object> properties(Instance instance) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(MARK, FILE);
    instance.values().forEach((id, value) -> {
      if (value.written()) {
        properties.put(id, value.property());
      }
    });
    return properties;
  }
}
