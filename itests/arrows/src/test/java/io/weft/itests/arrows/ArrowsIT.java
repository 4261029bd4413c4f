package io.weft.itests.arrows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;

/** The arrows of the design: who may depend on whom. Read from manifests and byte code, so it holds for what ships. */
class ArrowsIT {

  private static final String API = "io.weft.api";

  private final List<BuiltJar> bundles = BuiltJar.bundles();

  @Test
  void onlyTheListedPackagesAreExported() throws IOException {
    Set<String> found = new TreeSet<>();
    for (BuiltJar bundle : bundles) {
      bundle.packagesIn(Constants.EXPORT_PACKAGE).forEach(p -> found.add(bundle.symbolicName() + ": " + p));
    }
    assertThat(found).as("exported packages; the list is exports.txt").isEqualTo(listedExports());
  }

  @Test
  void namesAgreeWithFolders() {
    for (BuiltJar bundle : bundles) {
      assertThat(bundle.symbolicName()).isEqualTo("io.weft." + bundle.folder());
    }
  }

  @Test
  void nobodyImportsMoreOfOursThanTheApi() {
    Set<String> api = api().packagesIn(Constants.EXPORT_PACKAGE);
    for (BuiltJar bundle : bundles) {
      Set<String> ours = startingWith("io.weft.", bundle.packagesIn(Constants.IMPORT_PACKAGE));
      assertThat(api).as("packages of ours that %s imports", bundle).containsAll(ours);
      assertThat(bundle.packagesIn(Constants.REQUIRE_BUNDLE)).as("%s requires bundles", bundle).isEmpty();
      assertThat(bundle.packagesIn(Constants.DYNAMICIMPORT_PACKAGE)).as("%s imports dynamically", bundle).isEmpty();
      assertThat(bundle.packagesIn(Constants.FRAGMENT_HOST)).as("%s is a fragment", bundle).isEmpty();
    }
  }

  /** A copied package would pass as private code and still be an arrow; only support is meant to be copied. */
  @Test
  void everyClassIsOfItsOwnBundleOrOfSupport() {
    for (BuiltJar bundle : bundles) {
      String root = "io.weft." + bundle.folder();
      Set<String> exported = bundle.packagesIn(Constants.EXPORT_PACKAGE);
      for (ClassRefs c : bundle.classes()) {
        String p = ClassRefs.packageOf(c.name());
        boolean own = p.equals(root) || p.startsWith(root + ".") || exported.contains(p);
        boolean support = p.equals("io.weft.support") || p.startsWith("io.weft.support.");
        // Ratis is copied as classes, because its jars share packages; nobody else of ours has it.
        boolean ratis = root.equals("io.weft.dcs.raft") && p.startsWith("org.apache.ratis");
        assertThat(own || support || ratis).as("%s contains %s", bundle, c.name()).isTrue();
      }
    }
  }

  @Test
  void codeNamesOnlyItsOwnClassesAndTheApi() {
    Set<String> api = api().packagesIn(Constants.EXPORT_PACKAGE);
    for (BuiltJar bundle : bundles) {
      Set<String> inside = bundle.classes().stream().map(ClassRefs::name).collect(Collectors.toSet());
      for (ClassRefs c : bundle.classes()) {
        for (String name : startingWith("io.weft.", c.classes())) {
          assertThat(inside.contains(name) || api.contains(ClassRefs.packageOf(name)))
              .as("%s: %s names %s", bundle, c.name(), name)
              .isTrue();
        }
      }
    }
  }

  @Test
  void theApiNamesLibrariesOnlyWhereBytesMove() {
    Set<String> mayNameNetty = Set.of("io.weft.transport", "io.weft.path");
    for (ClassRefs c : api().classes()) {
      for (String p : c.packages()) {
        boolean plain = p.startsWith("java.") || p.startsWith("javax.net.ssl") || p.startsWith("io.weft.");
        boolean netty = p.startsWith("io.netty.") && !p.contains("incubator") && mayNameNetty.contains(ClassRefs.packageOf(c.name()));
        assertThat(plain || netty).as("%s names a type of %s", c.name(), p).isTrue();
      }
    }
  }

  @Test
  void theQuicCodecStaysBehindOneSeam() {
    Set<String> users = new TreeSet<>();
    for (BuiltJar bundle : bundles) {
      for (ClassRefs c : bundle.classes()) {
        if (c.packages().stream().anyMatch(p -> p.startsWith("io.netty.incubator"))) {
          users.add(bundle.folder() + ": " + ClassRefs.packageOf(c.name()));
        }
      }
    }
    assertThat(users).as("packages that name io.netty.incubator").hasSizeLessThanOrEqualTo(1);
    assertThat(users).allMatch(u -> u.startsWith("transport.quic: "));
  }

  @Test
  void theTestkitNeedsTheApiOnly() {
    Set<String> api = api().packagesIn(Constants.EXPORT_PACKAGE);
    for (ClassRefs c : BuiltJar.of("plugins-sdk/testkit").classes()) {
      for (String p : startingWith("io.weft.", c.packages())) {
        boolean inside = p.startsWith("io.weft.testkit") || p.startsWith("io.weft.support");
        assertThat(inside || api.contains(p)).as("%s names %s", c.name(), p).isTrue();
      }
    }
  }

  @Test
  void theFabricForTestsShowsNothingOfTheBundlesWithin() {
    BuiltJar fabric = BuiltJar.of("plugins-sdk/fabric");
    assertThat(fabric.packagesIn(Constants.EXPORT_PACKAGE)).containsExactly("io.weft.testkit.fabric");
    assertThat(fabric.manifest().getValue(Constants.EXPORT_PACKAGE)).doesNotContain("io.weft.mesh", "io.weft.transport.memory");
  }

  @Test
  void noBundleHasAnActivator() {
    assertThat(bundles).allMatch(b -> b.manifest().getValue(Constants.BUNDLE_ACTIVATOR) == null);
  }

  @Test
  void nothingSleepsOrDeserializes() {
    Set<String> forbidden = Set.of("java.lang.Thread.sleep", "java.util.concurrent.TimeUnit.sleep", "java.io.ObjectInputStream.<init>");
    for (ClassRefs c : BuiltJar.everythingCompiled()) {
      assertThat(c.calls()).as("calls of %s", c.name()).doesNotContainAnyElementsOf(forbidden);
    }
  }

  private BuiltJar api() {
    return bundles.stream().filter(b -> API.equals(b.symbolicName())).findFirst().orElseThrow();
  }

  private static Set<String> startingWith(String prefix, Set<String> names) {
    return names.stream().filter(n -> n.startsWith(prefix)).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> listedExports() throws IOException {
    try (InputStream in = ArrowsIT.class.getResourceAsStream("/exports.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
