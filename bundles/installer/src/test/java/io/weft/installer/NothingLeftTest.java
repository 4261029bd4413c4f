package io.weft.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.installer.sample.Serving;
import io.weft.plugin.PluginRequest.Verb;
import io.weft.testkit.Await;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.wiring.BundleWiring;

/** What is swapped again and again leaves no class loader, no thread and no jar behind. */
class NothingLeftTest {

  private static final Duration LONG = Duration.ofSeconds(120);
  private static final int SWAPS = 50;

  @TempDir Path folder;

  @Test
  void afterFiftySwapsAndRemovals() throws Exception {
    try (Rig rig = new Rig(folder)) {
      Path one = TestJar.of(folder, "acme.serving", "1.0.0", Serving.class);
      Path two = TestJar.of(folder, "acme.serving", "2.0.0", Serving.class);
      List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
      rig.apply(Verb.install, one);
      for (int i = 0; i < SWAPS; i++) {
        loaders.add(loader(rig));
        rig.apply(Verb.update, i % 2 == 0 ? two : one);
      }
      for (int i = 0; i < SWAPS; i++) {
        loaders.add(loader(rig));
        rig.apply(Verb.remove, "acme.serving");
        rig.apply(Verb.install, one);
      }
      rig.apply(Verb.remove, "acme.serving");
      Await.until("the class loaders to go", LONG, () -> {
        System.gc();
        return loaders.stream().allMatch(loader -> loader.get() == null);
      });
      Await.until("the threads to end", LONG,
          () -> Stream.of(threads()).noneMatch(t -> t.isAlive() && t.getName().matches("weft-installer-(start|stop)-.*")));
      assertThat(rig.framework.getBundleContext().getBundles()).hasSize(1);
    }
  }

  private static WeakReference<ClassLoader> loader(Rig rig) {
    return new WeakReference<>(rig.bundle("acme.serving").adapt(BundleWiring.class).getClassLoader());
  }

  private static Thread[] threads() {
    return Thread.getAllStackTraces().keySet().toArray(Thread[]::new);
  }
}
