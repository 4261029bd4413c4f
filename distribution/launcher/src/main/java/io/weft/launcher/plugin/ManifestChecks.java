package io.weft.launcher.plugin;

import io.weft.support.manifest.Clause;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/** What a plugin says of itself, against what a node gives it. */
final class ManifestChecks {

  private static final String FUNCTION = "org.apache.felix.service.command.Function";

  private final Attributes manifest;
  private final Exports exports;
  private final Findings findings;

  ManifestChecks(Attributes manifest, Exports exports, Findings findings) {
    this.manifest = manifest;
    this.exports = exports;
    this.findings = findings;
  }

  void run() {
    identity();
    imports();
    refused();
    if (provided().isEmpty()) {
      findings.error("Provide-Capability", "it provides nothing that a node uses",
          "let a class with @Component implement an interface of io.weft, and build with the SDK's parent");
    }
    if (header("Service-Component").isEmpty()) {
      findings.error("Service-Component", "there is no component of Declarative Services", "annotate the class with @Component");
    }
  }

  String header(String name) {
    String value = manifest.getValue(name);
    return value == null ? "" : value.strip();
  }

  String symbolicName() {
    return Clause.parse(header("Bundle-SymbolicName")).stream().flatMap(c -> c.paths().stream()).findFirst().orElse("");
  }

  private void identity() {
    String name = symbolicName();
    if (!header("Bundle-ManifestVersion").equals("2") || name.isEmpty()) {
      findings.error("Bundle-SymbolicName", "it is not a bundle of OSGi", "build it with the SDK's parent, io.weft.sdk.parent");
    } else if (name.equals("io.weft") || name.startsWith("io.weft.")) {
      findings.error("Bundle-SymbolicName", name + " is a name of the product", "choose another groupId");
    }
    try {
      Version.parseVersion(header("Bundle-Version"));
    } catch (IllegalArgumentException e) {
      findings.error("Bundle-Version", "'" + header("Bundle-Version") + "' is no version", "write it as 1.2.3");
    }
    if (header("Bundle-License").isEmpty()) {
      findings.warning("Bundle-License", "nobody knows under which licence it comes", "add <licenses> to the pom");
    }
    if (header("Bundle-Description").isEmpty()) {
      findings.warning("Bundle-Description", "nobody knows what it is for", "add <description> to the pom");
    }
  }

  /** Whether a node has what it needs. */
  void imports() {
    for (Clause clause : Clause.parse(header("Import-Package"))) {
      boolean optional = clause.get("resolution:", "").equals("optional");
      String text = clause.get("version", "");
      for (String name : clause.paths()) {
        if (!exports.has(name) && !name.startsWith("java.")) {
          missing(name, optional);
        } else if (!text.isEmpty() && !fits(name, text)) {
          findings.error("Import-Package", name + " is wanted in version " + text + ", and a node has " + exports.versions(name),
              "build it against the SDK of this version");
        } else if (text.isEmpty() && name.startsWith("io.weft.")) {
          findings.error("Import-Package", name + " is imported without a version, so it would run with an interface that changed",
              "build it with the SDK's parent, which adds the range");
        }
      }
    }
  }

  private boolean fits(String name, String range) {
    try {
      return exports.has(name, new VersionRange(range));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void missing(String name, boolean optional) {
    if (name.startsWith("io.weft.")) {
      findings.error("Import-Package", name + " is no package of the API of this version", "use what docs/plugins describes");
    } else if (!optional) {
      findings.error("Import-Package", name + " is exported by no bundle of a node",
          "copy the library in with -includeresource or -privatepackage in bnd.bnd, or say which bundle has to be installed first");
    }
  }

  private void refused() {
    for (Clause clause : Clause.parse(header("Export-Package"))) {
      for (String name : clause.paths()) {
        if (name.equals("io.weft") || name.startsWith("io.weft.") || exports.has(name)) {
          findings.error("Export-Package", name + " is exported by the product already", "do not export it");
        } else {
          findings.warning("Export-Package", name + " is exported, so others can depend on it", "export only what is meant to be an API");
        }
      }
    }
    refuse("Fragment-Host", "it would become a part of another bundle", "register a service instead");
    refuse("Require-Bundle", "it wants bundles by their name", "import packages instead");
    refuse("DynamicImport-Package", "what it needs is not known before it runs", "import packages by their names");
    if (!header("Bundle-Activator").isEmpty()) {
      findings.warning("Bundle-Activator", "it has an activator, which can hold up a start", "use @Component and @Activate");
    }
  }

  private void refuse(String header, String what, String todo) {
    if (!header(header).isEmpty()) {
      findings.error(header, what, todo);
    }
  }

  /** The interfaces of ours, and commands, that it registers services of. */
  Set<String> provided() {
    List<String> all = new ArrayList<>();
    for (Clause clause : Clause.parse(header("Provide-Capability"))) {
      if (clause.paths().contains("osgi.service")) {
        all.addAll(List.of(clause.ofAnyType("objectClass", "").split(",")));
      }
    }
    Set<String> ours = new TreeSet<>();
    all.stream().map(String::strip).filter(c -> c.startsWith("io.weft.") || c.equals(FUNCTION)).forEach(ours::add);
    return ours;
  }
}
