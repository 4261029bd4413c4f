package io.weft.launcher.framework;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

class ForgottenUsesTest {

  @TempDir
  Path dir;

  private Framework framework;
  private ServiceReference<Runnable> longLived;

  @BeforeEach
  void start() throws Exception {
    framework = new FrameworkFactory().newFramework(Map.of("org.osgi.framework.storage", dir.toString()));
    framework.init();
    ForgottenUses.open(framework);
    framework.start();
    longLived = framework.getBundleContext().registerService(Runnable.class, () -> { }, null).getReference();
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }

  @Test
  void aBundleThatUsedAServiceIsGoneFromMemoryAfterItWasUninstalled() throws Exception {
    WeakReference<Bundle> gone = usedAndUninstalled();
    installed("g:next"); // the resolver keeps what it has looked at last
    Await.until("the bundle is collected", Duration.ofSeconds(30), () -> {
      System.gc();
      return gone.refersTo(null);
    });
  }

  @Test
  void whoStaysKeepsItsServices() throws Exception {
    Bundle user = installed("g:user");
    user.start();
    assertThat(user.getBundleContext().getService(longLived)).isNotNull();
    usedAndUninstalled();
    assertThat(longLived.getUsingBundles()).containsExactly(user);
  }

  private WeakReference<Bundle> usedAndUninstalled() throws BundleException {
    Bundle user = installed("g:goes");
    user.start();
    BundleContext context = user.getBundleContext();
    assertThat(context.getService(longLived)).isNotNull();
    context.ungetService(longLived);
    user.uninstall();
    return new WeakReference<>(user);
  }

  private Bundle installed(String location) throws BundleException {
    return framework.getBundleContext().installBundle(location, jar(location.replace(':', '.')));
  }

  private static InputStream jar(String name) {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.putValue("Manifest-Version", "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      jar.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
