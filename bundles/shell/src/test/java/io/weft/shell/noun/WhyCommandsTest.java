package io.weft.shell.noun;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.shell.Rig;
import io.weft.shell.sample.Part;
import io.weft.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.apache.felix.framework.FrameworkFactory;
import org.apache.felix.scr.component.ExtFactoryComponentInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** {@code plugin:why} in a real framework with a real component runtime: whatever is between, the last line is what there is to do about it. */
class WhyCommandsTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Class<?> A = Executor.class;
  private static final Class<?> B = Callable.class;
  private static final Class<?> C = Supplier.class;

  @TempDir Path folder;
  private Framework framework;
  private Rig rig;
  private int jars;

  @BeforeEach
  void start() throws Exception {
    framework = new FrameworkFactory().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString(),
        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "org.osgi.service.component;version=1.5,org.osgi.service.component.runtime;version=1.5,"
            + "org.osgi.service.component.runtime.dto;version=1.5,org.osgi.util.promise;version=1.3"));
    framework.start();
    framework.getBundleContext().installBundle(
        ExtFactoryComponentInstance.class.getProtectionDomain().getCodeSource().getLocation().toString()).start();
    ServiceComponentRuntime runtime = framework.getBundleContext().getService(
        framework.getBundleContext().getServiceReference(ServiceComponentRuntime.class));
    rig = new Rig().with(runtime);
    rig.columns = 300;
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(30_000);
  }

  @Test
  void threeStepsEndAtThePackageThatIsMissing() throws Exception {
    part("acme.a", A, B);
    part("acme.b", B, C);
    part("acme.c", C, null, "Import-Package", "acme.gone;version=\"[1.0,2)\"");
    assertThat(why("acme.a")).containsExactly(
        "component acme.a waits for java.util.concurrent.Callable",
        "  component acme.b waits for java.util.function.Supplier",
        "    acme.c needs package acme.gone [1.0.0,2.0.0), which nothing exports");
    assertThat(rig.run("plugin why", "acme.a", "--json").out()).containsOnlyOnce("\"root\": true");
    assertThat(rig.run("service explain", A.getName()).out()).contains("    acme.c needs package acme.gone");
  }

  @Test
  void packagesOfPackagesToo() throws Exception {
    part("acme.a", A, B);
    part("acme.b", B, null, "Import-Package", "acme.lib");
    part("acme.lib", null, null, "Export-Package", "acme.lib", "Require-Bundle", "acme.gone");
    assertThat(why("acme.a")).containsExactly(
        "component acme.a waits for java.util.concurrent.Callable",
        "  acme.b needs package acme.lib of acme.lib, which does not resolve either",
        "    acme.lib needs bundle acme.gone, which nothing provides");
  }

  @Test
  void whatNobodyInstalledIsTheRoot() throws Exception {
    part("acme.a", A, B);
    part("acme.b", B, C);
    assertThat(why("acme.a")).containsExactly(
        "component acme.a waits for java.util.concurrent.Callable",
        "  component acme.b waits for java.util.function.Supplier, which nothing installed provides");
  }

  @Test
  void twoThatWaitForEachOtherAreNamedAsSuch() throws Exception {
    part("acme.a", A, B);
    part("acme.b", B, A);
    assertThat(why("acme.a")).containsExactly(
        "component acme.a waits for java.util.concurrent.Callable",
        "  component acme.b waits for java.util.concurrent.Executor, whose provider waits for this in turn");
  }

  @Test
  void twoWaysToOneRootAreToldOnce() throws Exception {
    part("acme.a", A, B, C);
    part("acme.b", B, C);
    part("acme.c", C, null, "Import-Package", "acme.gone");
    assertThat(why("acme.a")).containsExactly(
        "component acme.a waits for java.util.concurrent.Callable",
        "  component acme.b waits for java.util.function.Supplier",
        "    acme.c needs package acme.gone, which nothing exports",
        "component acme.a waits for java.util.function.Supplier; see above");
  }

  @Test
  void whatIsThereAndDoesNotFitIsTheRoot() throws Exception {
    part("acme.b", B, null);
    install("acme.a", component("acme.a", A, "<reference name='r' interface='" + B.getName() + "' target='(colour=green)'/>"));
    Await.until("the provider", LONG, () -> framework.getBundleContext().getServiceReference(B) != null);
    assertThat(why("acme.a")).containsExactly("component acme.a waits for java.util.concurrent.Callable with (colour=green), and none that is "
        + "there fits: its properties differ, or the version of its package");
  }

  @Test
  void nothingIsWrongWithWhatWorks() throws Exception {
    part("acme.a", A, B);
    part("acme.b", B, null);
    Await.until("the service", LONG, () -> framework.getBundleContext().getServiceReference(A) != null);
    rig.bundles.addAll(List.of(framework.getBundleContext().getBundles()));
    assertThat(rig.run("plugin why", "acme.a").out()).isEqualTo("acme.a is active, and nothing keeps a part of it waiting\n");
  }

  private List<String> why(String name) {
    rig.bundles.addAll(List.of(framework.getBundleContext().getBundles()));
    Rig.Result result = rig.run("plugin why", name);
    assertThat(result.exit()).isEqualTo(1);
    return result.out().lines().toList();
  }

  /** A bundle with one component. @param references by which it refers to others */
  private void part(String name, Class<?> provides, Class<?> refersTo, String... headers) throws Exception {
    install(name, component(name, provides, refersTo == null ? "" : reference(refersTo)), announcing(provides, headers));
  }

  private void part(String name, Class<?> provides, Class<?> first, Class<?> second) throws Exception {
    install(name, component(name, provides, reference(first) + reference(second)), announcing(provides));
  }

  private static String reference(Class<?> type) {
    return "<reference name='" + type.getSimpleName() + "' interface='" + type.getName() + "'/>";
  }

  private static String[] announcing(Class<?> provides, String... headers) {
    return provides == null ? headers : java.util.stream.Stream.concat(java.util.stream.Stream.of(headers), java.util.stream.Stream.of(
        "Provide-Capability", "osgi.service;objectClass:List<String>=\"" + provides.getName() + "\"")).toArray(String[]::new);
  }

  private static String component(String name, Class<?> provides, String more) {
    return "<scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.3.0' name='" + name + "'><implementation class='" + Part.class.getName() + "'/>"
        + (provides == null ? "" : "<service><provide interface='" + provides.getName() + "'/></service>") + more + "</scr:component>";
  }

  private void install(String name, String component, String... headers) throws Exception {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Service-Component", "component.xml");
    for (int i = 0; i < headers.length; i += 2) {
      main.putValue(headers[i], headers[i + 1]);
    }
    Path file = folder.resolve(jars++ + ".jar");
    String code = Part.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest);
        InputStream in = Part.class.getClassLoader().getResourceAsStream(code)) {
      entry(jar, "component.xml", component.getBytes(StandardCharsets.UTF_8));
      entry(jar, code, in.readAllBytes());
    }
    Bundle bundle = framework.getBundleContext().installBundle(file.toUri().toString());
    try {
      bundle.start();
    } catch (BundleException e) {
      assertThat(bundle.getState()).isEqualTo(Bundle.INSTALLED);
    }
  }

  private static void entry(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    jar.putNextEntry(new ZipEntry(name));
    jar.write(bytes);
  }
}
