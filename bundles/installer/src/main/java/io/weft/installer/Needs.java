package io.weft.installer;

import io.weft.support.manifest.Clause;
import io.weft.support.wiring.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import org.osgi.framework.Constants;
import org.osgi.framework.VersionRange;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;

/** What a manifest requires, in the form in which a framework is asked. Only what a bundle does not resolve without. */
final class Needs {

  private Needs() {}

  static List<Need> of(Attributes main) {
    List<Need> needs = new ArrayList<>();
    for (Clause clause : mandatory(main, Constants.IMPORT_PACKAGE)) {
      clause.paths().forEach(path -> needs.add(ranged(PackageNamespace.PACKAGE_NAMESPACE, path, "version", clause.get("version", ""))));
    }
    for (Clause clause : mandatory(main, Constants.REQUIRE_BUNDLE)) {
      needs.add(ranged(BundleNamespace.BUNDLE_NAMESPACE, clause.paths().get(0), Constants.BUNDLE_VERSION_ATTRIBUTE,
          clause.get(Constants.BUNDLE_VERSION_ATTRIBUTE, "")));
    }
    for (Clause clause : mandatory(main, Constants.FRAGMENT_HOST)) {
      needs.add(ranged(HostNamespace.HOST_NAMESPACE, clause.paths().get(0), Constants.BUNDLE_VERSION_ATTRIBUTE,
          clause.get(Constants.BUNDLE_VERSION_ATTRIBUTE, "")));
    }
    for (Clause clause : mandatory(main, Constants.REQUIRE_CAPABILITY)) {
      needs.add(new Need(clause.paths().get(0), clause.get("filter:", "")));
    }
    return needs;
  }

  private static List<Clause> mandatory(Attributes main, String header) {
    return Clause.parse(main.getValue(header)).stream().filter(clause -> !clause.paths().isEmpty())
        .filter(clause -> clause.get("resolution:", "mandatory").equals("mandatory"))
        .filter(clause -> clause.get("effective:", "resolve").equals("resolve")).toList();
  }

  private static Need ranged(String namespace, String name, String attribute, String range) {
    String named = "(" + namespace + "=" + name + ")";
    return new Need(namespace,
        range.isEmpty() ? named : "(&" + named + VersionRange.valueOf(range).toFilterString(attribute) + ")");
  }
}
