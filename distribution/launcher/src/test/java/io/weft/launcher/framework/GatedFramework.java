package io.weft.launcher.framework;

import io.weft.launcher.Dist;
import io.weft.launcher.Home;
import io.weft.launcher.trust.DistributionFixture;
import io.weft.launcher.trust.TrustService;
import io.weft.support.plugin.PublicKeyId;
import io.weft.support.plugin.TrustedKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/** A framework as a node has it, with the gate and little else, that stops and starts over one home. */
public final class GatedFramework {

  private final Dist dist;
  private final Home home;
  private final List<PlannedBundle> plan = new ArrayList<>();
  private Framework framework;
  private TrustService trust;

  private GatedFramework(Path dir) {
    this.dist = new Dist(dir.resolve("dist"), "1.0");
    this.home = new Home(dir.resolve("home"), dir.resolve("home/conf/weft.yaml"));
  }

  public static GatedFramework in(Path dir) throws Exception {
    GatedFramework made = new GatedFramework(dir);
    made.home.prepare();
    DistributionFixture.writeHashes(made.dist);
    return made;
  }

  public void trust(String name, PublicKeyId key, String... plugins) throws Exception {
    Path keys = Files.createDirectories(home.dir().resolve("conf/keys"));
    Files.writeString(keys.resolve(name + ".pub"), new TrustedKey(name, key, List.of(plugins), List.of()).text());
  }

  public void start() throws Exception {
    Container container = new Container(dist, home, plan);
    Framework made = container.prepare();
    trust = new TrustService(container.gate());
    trust.register(made.getBundleContext());
    made.start();
    framework = made;
  }

  public void stop() throws Exception {
    if (framework != null) {
      trust.close();
      framework.stop();
      framework.waitForStop(30_000);
      framework = null;
    }
  }

  /** Adds a bundle to the features. */
  public Path planned(String name, byte[] jar) throws Exception {
    Path file = dist.bundles().resolve(name + ".jar");
    Files.write(file, jar);
    plan.add(new PlannedBundle("g:" + name, file, 20, true, ""));
    DistributionFixture.writeHashes(dist);
    return file;
  }

  /** Makes it a file of the distribution that no feature names; starts the framework anew. Returns what was given. */
  public byte[] addToDistribution(String name, byte[] jar) throws Exception {
    stop();
    Files.write(dist.bundles().resolve(name), jar);
    DistributionFixture.writeHashes(dist);
    start();
    return jar;
  }

  public Home home() {
    return home;
  }

  public BundleContext context() {
    return framework.getBundleContext();
  }

  public FrameworkWiring wiring() {
    return framework.adapt(FrameworkWiring.class);
  }

  public Bundle bundle(String name) {
    return Stream.of(context().getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName())).findFirst().orElseThrow();
  }

  public Map<String, Object> ask(Map<String, Object> question) {
    return trust.apply(question);
  }
}
