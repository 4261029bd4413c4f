package io.weft.installer;

import io.weft.support.manifest.Clause;
import io.weft.support.wiring.Need;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.Attributes;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;

/** What a manifest provides to other bundles. */
final class Provided {

  private static final String SERVICE = "osgi.service";

  private record Capability(String namespace, Map<String, Object> attributes) {}

  private final List<Capability> capabilities = new ArrayList<>();

  private Provided() {}

  static Provided of(String name, Version version, Attributes main) {
    Provided provided = new Provided();
    for (String namespace : List.of(BundleNamespace.BUNDLE_NAMESPACE, HostNamespace.HOST_NAMESPACE)) {
      provided.capabilities.add(new Capability(namespace, Map.of(namespace, name, Constants.BUNDLE_VERSION_ATTRIBUTE, version)));
    }
    for (Clause clause : Clause.parse(main.getValue(Constants.EXPORT_PACKAGE))) {
      for (String path : clause.paths()) {
        Map<String, Object> attributes = attributes(clause);
        attributes.put(PackageNamespace.PACKAGE_NAMESPACE, path);
        attributes.put("version", Version.parseVersion(clause.get("version", "0.0.0")));
        provided.capabilities.add(new Capability(PackageNamespace.PACKAGE_NAMESPACE, attributes));
      }
    }
    for (Clause clause : Clause.parse(main.getValue(Constants.PROVIDE_CAPABILITY))) {
      if (!clause.paths().isEmpty()) {
        provided.capabilities.add(new Capability(clause.paths().get(0), attributes(clause)));
      }
    }
    return provided;
  }

  private static Map<String, Object> attributes(Clause clause) {
    Map<String, Object> attributes = new HashMap<>();
    clause.words().forEach((word, value) -> {
      if (!word.endsWith(":")) {
        int colon = word.indexOf(':');
        String type = colon < 0 ? "" : word.substring(colon + 1);
        attributes.put(colon < 0 ? word : word.substring(0, colon), switch (type) {
          case "Version" -> Version.parseVersion(value);
          case "Long" -> Long.valueOf(value.strip());
          case "Double" -> Double.valueOf(value.strip());
          default -> type.startsWith("List") ? JarFacts.words(value) : value;
        });
      }
    });
    return attributes;
  }

  boolean meets(Need need) {
    try {
      var filter = need.filter().isEmpty() ? null : FrameworkUtil.createFilter(need.filter());
      return capabilities.stream().filter(capability -> capability.namespace.equals(need.namespace()))
          .anyMatch(capability -> filter == null || filter.matches(capability.attributes));
    } catch (InvalidSyntaxException e) {
      throw new IllegalArgumentException("a filter is malformed: " + need.filter(), e);
    }
  }

  /** Types of the services that are announced. */
  List<String> services() {
    TreeSet<String> types = new TreeSet<>();
    for (Capability capability : capabilities) {
      if (capability.namespace.equals(SERVICE)) {
        Object type = capability.attributes.get(Constants.OBJECTCLASS);
        types.addAll(type instanceof List<?> list ? list.stream().map(String::valueOf).toList() : JarFacts.words(String.valueOf(type)));
      }
    }
    return List.copyOf(types);
  }
}
