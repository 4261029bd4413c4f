package io.weft.support.wiring;

import io.weft.support.manifest.Clause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;

/** A capability of a jar that is in no framework. */
public record Offer(String namespace, Map<String, Object> attributes) {

  public Offer {
    attributes = Map.copyOf(attributes);
  }

  /**
   * Those of clauses of {@code Provide-Capability}; a package may be one, too.
   *
   * @throws IllegalArgumentException if an attribute is not of the type it claims
   */
  public static List<Offer> of(List<Clause> clauses) {
    List<Offer> offers = new ArrayList<>();
    for (Clause clause : clauses) {
      if (!clause.paths().isEmpty()) {
        Map<String, Object> attributes = attributes(clause);
        if (clause.paths().get(0).equals(PackageNamespace.PACKAGE_NAMESPACE)) {
          attributes.put(Constants.VERSION_ATTRIBUTE, version(clause));
        }
        offers.add(new Offer(clause.paths().get(0), attributes));
      }
    }
    return offers;
  }

  /** Those of clauses of {@code Export-Package}. */
  public static List<Offer> ofPackages(List<Clause> clauses) {
    List<Offer> offers = new ArrayList<>();
    for (Clause clause : clauses) {
      for (String path : clause.paths()) {
        Map<String, Object> attributes = attributes(clause);
        attributes.put(PackageNamespace.PACKAGE_NAMESPACE, path);
        attributes.put(Constants.VERSION_ATTRIBUTE, version(clause));
        offers.add(new Offer(PackageNamespace.PACKAGE_NAMESPACE, attributes));
      }
    }
    return offers;
  }

  private static Version version(Clause clause) {
    return Version.parseVersion(clause.ofAnyType(Constants.VERSION_ATTRIBUTE, "0.0.0"));
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
          default -> type.startsWith("List") ? words(value) : value;
        });
      }
    });
    return attributes;
  }

  /** Names and values of a list in an attribute, {@code "a,b"}. */
  public static List<String> words(String list) {
    return Arrays.stream(list.split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
  }

  /** @throws IllegalArgumentException if its filter is none */
  public boolean meets(Need need) {
    try {
      return namespace.equals(need.namespace()) && (need.filter().isEmpty() || FrameworkUtil.createFilter(need.filter()).matches(attributes));
    } catch (InvalidSyntaxException e) {
      throw new IllegalArgumentException("a filter is malformed: " + need.filter(), e);
    }
  }
}
