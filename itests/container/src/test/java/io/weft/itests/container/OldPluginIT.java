package io.weft.itests.container;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.weft.itests.process.Distribution;
import io.weft.launcher.framework.SystemPackages;
import io.weft.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleWiring;

/**
 * A plugin that was built against an older minor version of the API goes on to work, and one that would meet another major version is refused.
 * The jar is kept as it was built when every package had version 1.0.0; the versions that today's API exports are raised for it.
 */
public class OldPluginIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SOURCE = "io.weft.secret.SecretSource";
  private static final Pattern VERSION = Pattern.compile("version=\"(\\d+)\\.(\\d+)\\.(\\d+)\"");
  private static final List<String> LIBRARIES = List.of(
      "org.osgi.util.function", "org.osgi.util.promise", "org.osgi.service.component", "org.apache.felix.configadmin", "org.apache.felix.scr");

  @Rule
  public TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void worksWithANewerMinorVersion() throws Exception {
    Framework framework = start();
    try {
      Bundle api = install(framework, apiWith(version -> version.group(1) + "." + (Integer.parseInt(version.group(2)) + 1) + ".0"));
      registerTimers(api);
      configure(framework.getBundleContext());
      Bundle plugin = install(framework, kept());
      plugin.start();

      Await.until("its service", SOON, () -> source(framework.getBundleContext()) != null);
      Object source = framework.getBundleContext().getService(source(framework.getBundleContext()));
      Class<?> type = api.loadClass(SOURCE);
      assertTrue(type.isInstance(source));
      assertEquals("pass-store", type.getMethod("scheme").invoke(source));
      Object secret = type.getMethod("read", String.class).invoke(source, "hello");
      assertEquals("hello", new String((byte[]) secret.getClass().getMethod("copy").invoke(secret), StandardCharsets.UTF_8));
    } finally {
      stop(framework);
    }
  }

  @Test
  public void isRefusedByAnotherMajorVersionAndSaysWhy() throws Exception {
    Framework framework = start();
    try {
      install(framework, apiWith(version -> (Integer.parseInt(version.group(1)) + 1) + ".0.0"));
      Bundle plugin = install(framework, kept());
      try {
        plugin.start();
        throw new AssertionError("it started");
      } catch (BundleException e) {
        assertTrue(e.getMessage(), e.getMessage().contains("io.weft."));
      }
      assertEquals(Bundle.INSTALLED, plugin.getState());
    } finally {
      stop(framework);
    }
  }

  private Framework start() throws Exception {
    Framework framework = new FrameworkFactory().newFramework(Map.of(
        Constants.FRAMEWORK_STORAGE, folder.newFolder().getPath(),
        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SystemPackages.EXTRA + ",io.netty.buffer,io.netty.channel,io.netty.util",
        "felix.cm.pm", "memory"));
    framework.start();
    for (String name : LIBRARIES) {
      try (Stream<Path> jars = Files.walk(Distribution.home().resolve("bundles"))) {
        Path jar = jars.filter(file -> file.getFileName().toString().matches(Pattern.quote(name) + "-[0-9.]+\\.jar")).findFirst().orElseThrow();
        framework.getBundleContext().installBundle(jar.toUri().toString()).start();
      }
    }
    return framework;
  }

  private static void stop(Framework framework) throws Exception {
    framework.stop();
    framework.waitForStop(30_000);
  }

  private static Bundle install(Framework framework, Path jar) throws BundleException {
    return framework.getBundleContext().installBundle(jar.toUri().toString());
  }

  private Path kept() throws IOException {
    Path jar = folder.newFolder().toPath().resolve("kept.jar");
    try (InputStream in = OldPluginIT.class.getResourceAsStream("/pass-store-for-api-1.0.jar")) {
      Files.copy(in, jar);
    }
    return jar;
  }

  /** Today's API, with other versions in its manifest and all else as it is. */
  private Path apiWith(Function<MatchResult, String> version) throws IOException {
    Path copy = folder.newFolder().toPath().resolve("api.jar");
    Path today;
    try (Stream<Path> jars = Files.walk(Distribution.home().resolve("bundles"))) {
      today = jars.filter(file -> file.getFileName().toString().startsWith("io.weft.api-")).findFirst().orElseThrow();
    }
    try (JarFile jar = new JarFile(today.toFile()); OutputStream file = Files.newOutputStream(copy)) {
      Manifest manifest = new Manifest(jar.getManifest());
      Attributes headers = manifest.getMainAttributes();
      Matcher exports = VERSION.matcher(headers.getValue(Constants.EXPORT_PACKAGE));
      headers.putValue(Constants.EXPORT_PACKAGE, exports.replaceAll(match -> "version=\"" + version.apply(match) + "\""));
      headers.remove(new Attributes.Name(Constants.IMPORT_PACKAGE)); // what it needs itself is not the question
      headers.putValue(Constants.DYNAMICIMPORT_PACKAGE, "*");
      try (JarOutputStream out = new JarOutputStream(file, manifest)) {
        for (ZipEntry entry : jar.stream().filter(e -> e.getName().startsWith("io/weft/") && e.getName().endsWith(".class")).toList()) {
          out.putNextEntry(new ZipEntry(entry.getName()));
          out.write(jar.getInputStream(entry).readAllBytes());
        }
      }
    }
    return copy;
  }

  /** The plugin asks for timers and needs none as long as its program ends in time. */
  private static void registerTimers(Bundle api) throws Exception {
    api.start();
    Class<?> timers = api.loadClass("io.weft.node.Timers");
    ClassLoader loader = api.adapt(BundleWiring.class).getClassLoader();
    Class<?> registration = timers.getMethod("after", Duration.class, Executor.class, Runnable.class).getReturnType();
    Object service = Proxy.newProxyInstance(loader, new Class<?>[] {timers}, (proxy, method, arguments) -> {
      if (method.getDeclaringClass() == Object.class) {
        return method.getName().equals("hashCode") ? (Object) 1 : method.getName().equals("equals") ? (Object) (proxy == arguments[0]) : "timers";
      }
      return Proxy.newProxyInstance(loader, new Class<?>[] {registration}, (p, m, a) -> null); // closed, and nothing is left to prevent
    });
    api.getBundleContext().registerService(timers.getName(), service, null);
  }

  private static void configure(BundleContext context) throws Exception {
    ServiceReference<?> reference = context.getServiceReference("org.osgi.service.cm.ConfigurationAdmin");
    Object admin = context.getService(reference);
    Object configuration = admin.getClass().getMethod("getConfiguration", String.class, String.class).invoke(admin, "pass-store", "?");
    Hashtable<String, Object> values = new Hashtable<>(Map.of("command", new String[] {"echo"}));
    configuration.getClass().getMethod("update", java.util.Dictionary.class).invoke(configuration, values);
  }

  /** Of whatever class: the class path of this test has one of that name, too. */
  private static ServiceReference<?> source(BundleContext context) throws InvalidSyntaxException {
    ServiceReference<?>[] all = context.getAllServiceReferences(SOURCE, null);
    return all == null ? null : all[0];
  }
}
