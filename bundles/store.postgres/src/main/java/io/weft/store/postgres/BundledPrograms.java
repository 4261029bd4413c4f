package io.weft.store.postgres;

import io.weft.store.postgres.server.ProgramSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Programs that a bundle carries and says so by a capability {@value #NAMESPACE} with {@code os}, {@code arch}, {@code version}
 * and
 * {@code path}. Looked for whenever a server is started, so such a bundle may come later and may be replaced.
 */
final class BundledPrograms implements Supplier<Optional<ProgramSource>> {

  static final String NAMESPACE = "weft.postgresql";

  private final BundleContext context;

  BundledPrograms(BundleContext context) {
    this.context = context;
  }

  /** An archive inside a bundle. */
  private record Found(Version number, URL url) implements ProgramSource {
    @Override
    public String version() {
      return number.toString();
    }

    @Override
    public InputStream open() throws IOException {
      return url.openStream();
    }
  }

  /** The newest one for this kind of machine. */
  @Override
  public Optional<ProgramSource> get() {
    return Arrays.stream(context.getBundles()).flatMap(this::in).max(Comparator.comparing(Found::number)).map(found -> found);
  }

  private Stream<Found> in(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    if (revision == null || bundle.getState() == Bundle.UNINSTALLED) {
      return Stream.empty();
    }
    return revision.getDeclaredCapabilities(NAMESPACE).stream().map(c -> c.getAttributes()).filter(BundledPrograms::fits)
        .flatMap(attributes -> {
          URL url = bundle.getEntry(String.valueOf(attributes.get("path")));
          return url == null || !(attributes.get("version") instanceof Version version) ? Stream.empty()
              : Stream.of(new Found(version, url));
        });
  }

  private static boolean fits(Map<String, Object> attributes) {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").equals("x86_64") ? "amd64" : System.getProperty("os.arch", "");
    return os.startsWith(String.valueOf(attributes.get("os"))) && arch.equals(attributes.get("arch"));
  }
}
