package io.weft.launcher.trust;

import io.weft.support.plugin.TrustedKey;
import io.weft.support.plugin.TrustedKeys;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate, for bundles: a service of JDK types, because the class path sees none of theirs. Asked by a map with {@code do}: {@code policy}
 * ({@code trust}: folders, {@code unsigned}), {@code check} ({@code jar}), {@code installed} ({@code bundle}), {@code keys}. Follows the
 * folders of keys, and stops and starts bundles as what they may do changes.
 */
public final class TrustService implements Function<Map<String, Object>, Map<String, Object>> {

  /** The service property by which it is found, and its value. */
  static final String PROPERTY = "weft.provides";

  static final String VALUE = "plugin.gate";

  /** Of a function that says why a bundle may not run. */
  static final String REFUSALS = "bundle.refusals";

  private interface Change {
    void make(Bundle bundle) throws BundleException;
  }

  private static final long LOOK_MS = 1_000;
  private static final Logger log = LoggerFactory.getLogger(TrustService.class);

  /** How long one bundle may keep the others waiting. */
  private static final long EACH_MS = 1_000;

  private final TrustGate gate;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(body -> {
    Thread made = new Thread(body, "weft-launcher-trust");
    made.setDaemon(true);
    return made;
  });
  // Of the thread alone.
  private String seen;

  public TrustService(TrustGate gate) {
    this.gate = gate;
    this.seen = TrustGate.fingerprint(gate.policy().folders());
    thread.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  public void register(BundleContext context) {
    Dictionary<String, Object> properties = new Hashtable<>(Map.of(PROPERTY, VALUE));
    context.registerService(Function.class, this, properties);
    LongFunction<String> refusals = this::refusal;
    context.registerService(LongFunction.class, refusals, new Hashtable<>(Map.of(PROPERTY, REFUSALS)));
  }

  public void close() {
    thread.shutdownNow();
  }

  /** Why a bundle may not run; empty if it may, or if there is none. */
  public String refusal(long bundleId) {
    return gate.installed(bundleId).filter(verdict -> !verdict.mayRun()).map(Verdict::reason).orElse("");
  }

  @Override
  public Map<String, Object> apply(Map<String, Object> question) {
    return switch (String.valueOf(question.get("do"))) {
      case "policy" -> policy((List<?>) question.get("trust"), Boolean.TRUE.equals(question.get("unsigned")));
      case "check" -> gate.check(Path.of((String) question.get("jar"))).toMap();
      case "installed" -> gate.installed((Long) question.get("bundle")).map(Verdict::toMap).orElse(Map.of());
      case "keys" -> keys();
      default -> throw new IllegalArgumentException("unknown question");
    };
  }

  private Map<String, Object> policy(List<?> folders, boolean unsigned) {
    List<Path> paths = folders.stream().map(folder -> Path.of((String) folder)).toList();
    gate.use(new Policy(paths, unsigned, TrustedKeys.read(paths)));
    thread.execute(this::apply);
    return Map.of();
  }

  private Map<String, Object> keys() {
    Policy policy = gate.policy();
    Set<String> revoked = policy.keys().revokedKeys();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("keys", policy.keys().keys().stream().map(key -> key(key, revoked.contains(key.key().id()))).toList());
    answer.put("revoked", List.copyOf(revoked));
    answer.put("problems", policy.keys().problems());
    answer.put("usable", policy.keys().usable());
    answer.put("unsigned", policy.unsigned());
    return answer;
  }

  private static Map<String, Object> key(TrustedKey key, boolean revoked) {
    return Map.of("name", key.name(), "id", key.key().id(), "public", key.key().text(), "plugins", key.plugins(), "catalogs",
        key.catalogs(), "revoked", revoked);
  }

  private void look() {
    try {
      String now = TrustGate.fingerprint(gate.policy().folders());
      if (!now.equals(seen)) {
        seen = now;
        gate.use(gate.policy().readAgain());
        apply();
      }
    } catch (RuntimeException e) {
      log.error("keys not followed", e); // the executor would end it without a word
    }
  }

  /** Makes what runs agree with what may run. */
  private void apply() {
    BundleContext context = gate.context();
    if (context == null) {
      return;
    }
    for (Bundle bundle : context.getBundles()) {
      try {
        if (bundle.getBundleId() != 0) {
          apply(context, bundle);
        }
      } catch (RuntimeException e) {
        log.warn("plugin not changed bundle={} reason=\"{}\"", bundle.getSymbolicName(), e.getMessage());
      }
    }
  }

  private void apply(BundleContext context, Bundle bundle) {
    boolean mayRun = gate.installed(bundle.getBundleId()).map(Verdict::mayRun).orElse(true);
    boolean resolved = (bundle.getState() & (Bundle.RESOLVED | Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING)) != 0;
    if (!mayRun && resolved) {
      stop(context, bundle);
    } else if (mayRun && bundle.getState() == Bundle.INSTALLED && isWanted(context, bundle) && gate.wasRefused(bundle.getBundleId())) {
      start(bundle);
    }
  }

  /** On a thread of its own: a stranger's activator may block, and keys are to be followed all the same. */
  private static void aside(Bundle bundle, Change change) {
    Thread each = new Thread(() -> {
      try {
        change.make(bundle);
      } catch (BundleException | RuntimeException | Error e) {
        log.warn("plugin not changed bundle={} reason=\"{}\"", bundle.getSymbolicName(), e.getMessage());
      }
    }, "weft-launcher-trust-" + bundle.getSymbolicName());
    each.setDaemon(true);
    each.start();
    try {
      each.join(EACH_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop(BundleContext context, Bundle bundle) {
    log.warn("plugin stopped bundle={} because=\"{}\"", bundle.getSymbolicName(), refusal(bundle.getBundleId()));
    gate.stopped(bundle.getBundleId());
    aside(bundle, b -> {
      b.stop(Bundle.STOP_TRANSIENT);
      // Wired anew, it does not resolve; what used its packages loses them.
      context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(Set.of(b));
    });
  }

  private static void start(Bundle bundle) {
    log.info("plugin started bundle={} because={}", bundle.getSymbolicName(), "it may run now");
    aside(bundle, b -> b.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY));
  }

  private static boolean isWanted(BundleContext context, Bundle bundle) {
    BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
    return level.isPersistentlyStarted()
        && level.getStartLevel() <= context.getBundle(0).adapt(FrameworkStartLevel.class).getStartLevel();
  }
}
