package io.weft.installer;

import io.weft.installer.sample.Blocking;
import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.PluginPlan;
import io.weft.plugin.PluginRefused;
import io.weft.plugin.PluginRequest;
import io.weft.plugin.PluginRequest.Verb;
import io.weft.plugin.PluginTrust;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeHealth;
import io.weft.testkit.ManualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** The installer in a real framework, with time that stands still and a record in memory. */
final class Rig implements AutoCloseable {

  static final Duration LONG = Duration.ofSeconds(60);

  /** Who starts in real time must not be too late in this one, which goes on in leaps. */
  static final Duration START_MAX = Duration.ofHours(10);

  final Path folder;
  final Framework framework;
  final ManualTime time = new ManualTime();
  final FakeHealth health = new FakeHealth();
  final MemoryRecord record;
  final List<String> steps = new java.util.concurrent.CopyOnWriteArrayList<>();
  JournalledInstaller installer;
  PluginTrust trust;
  MemoryCatalog catalog;

  Rig(Path folder) throws Exception {
    this.folder = folder;
    this.record = new MemoryRecord(folder.resolve("data/installed"));
    framework = new FrameworkFactory().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString(), "weft.home",
        folder.toString(), Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "100"));
    framework.start();
    Consumer<Object> observer = step -> steps.add((String) step);
    framework.getBundleContext().registerService(Consumer.class, observer, new Hashtable<>(Map.of("weft.observes", "plugin.steps")));
    open();
  }

  void open() throws Exception {
    Files.createDirectories(folder.resolve("deploy"));
    LongFunction<String> none = id -> "";
    installer = new JournalledInstaller(framework.getBundleContext(), config(), time, time, record, none, none);
    installer.health = health;
    installer.trust = trust;
    installer.catalog = catalog;
    installer.open();
  }

  private static InstallerConfig config() {
    return FakeConfig.of(InstallerConfig.class, Map.of("start_timeout_ms", (int) START_MAX.toMillis()));
  }

  PluginPlan plan(Verb verb, Object... what) throws PluginRefused {
    return installer.plan(new PluginRequest(verb, List.of(what).stream().map(String::valueOf).toList()));
  }

  String apply(Verb verb, Object... what) throws PluginRefused {
    return installer.apply(plan(verb, what), false).outcome();
  }

  InstalledPlugin plugin(String name) {
    return installer.installed().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  String version(String name) {
    return installer.installed().stream().filter(p -> p.name().equals(name)).map(InstalledPlugin::version).findFirst().orElse("");
  }

  /** Its state and version, {@code none} if it is not there. */
  String state(String name) {
    return installer.installed().stream().filter(p -> p.name().equals(name)).map(p -> (p.state() + " " + p.version()).strip()).findFirst()
        .orElse("none");
  }

  /** While time goes on second by second. */
  void await(String name, String state) {
    Await.until(name + " to be " + state, LONG, () -> {
      time.advance(Duration.ofSeconds(1));
      return state(name).equals(state);
    });
  }

  Bundle bundle(String name) {
    return framework.getBundleContext().getBundle(plugin(name).bundleId());
  }

  /** Whether a start of {@link Blocking} is where it stays, and not on the way there. */
  static boolean blocks() {
    return Thread.getAllStackTraces().values().stream().anyMatch(trace -> trace.length > 0 && trace[0].getMethodName().equals("park")
        && Stream.of(trace).anyMatch(frame -> frame.getClassName().equals(Blocking.class.getName()) && frame.getMethodName().equals("start")));
  }

  String outcome() {
    return installer.history().get(0).outcome();
  }

  /** Whatever the installer was at has come to its end when this returns, so nothing is written any more. */
  @Override
  public void close() throws Exception {
    installer.close();
    Await.until("its threads to be gone", LONG, () -> Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
        .noneMatch(name -> name.equals("weft-installer-deploy") || name.equals("weft-installer-work")));
    framework.stop();
    framework.waitForStop(30_000);
  }
}
