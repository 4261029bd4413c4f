package io.weft.launcher.framework;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;

/**
 * Why bundles did not start, by id, because the framework itself forgets it. A service of the type {@link LongFunction}, which the shell
 * asks for the line that {@code bundle:list} shows; empty if the bundle is not known to have failed.
 */
final class StartFailures implements FrameworkListener, LongFunction<String> {

  static final int KEPT_MAX = 256;

  /** The service property by which it is found, and its value. */
  static final String PROPERTY = "weft.provides";

  static final String VALUE = "bundle.failures";

  private static final int LINE_MAX = 300;
  // As Felix writes a bundle in its messages: "Activator start error in bundle org.example.x [12]."
  private static final Pattern BUNDLE = Pattern.compile("bundle \\S+ \\[(\\d{1,9})]");

  // Guarded by this.
  private final Map<Long, String> lines = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
      return size() > KEPT_MAX;
    }
  };

  void register(BundleContext context) {
    Dictionary<String, Object> properties = new Hashtable<>(Map.of(PROPERTY, VALUE));
    context.registerService(LongFunction.class, this, properties);
    context.addFrameworkListener(this);
  }

  /** What the framework itself could not start, at a start level. */
  @Override
  public void frameworkEvent(FrameworkEvent event) {
    if (event.getType() == FrameworkEvent.ERROR && event.getThrowable() instanceof BundleException failed) {
      keep(event.getBundle().getBundleId(), failed);
    }
  }

  /** What others could not start, and said so in the log. */
  void logged(Throwable thrown) {
    if (thrown instanceof BundleException failed) {
      Matcher bundle = BUNDLE.matcher(String.valueOf(failed.getMessage()));
      if (bundle.find()) {
        keep(Long.parseLong(bundle.group(1)), failed);
      }
    }
  }

  private synchronized void keep(long id, BundleException failed) {
    Throwable root = failed;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String line = (root == failed ? "" : root.getClass().getSimpleName() + ": ") + root.getMessage();
    lines.put(id, line.lines().findFirst().orElse("").codePoints().limit(LINE_MAX)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString());
  }

  @Override
  public synchronized String apply(long id) {
    return lines.getOrDefault(id, "");
  }
}
