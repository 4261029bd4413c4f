package io.weft.launcher.trust;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps bundles from resolving, and so every class of theirs from being loaded, unless they are of this distribution or signed by a trusted
 * key. It stands in the framework itself, so there is no way around it: deploy folder, URL, catalogue and bundle cache all end here. The
 * one kind of bundle that the framework does not ask about, its own extensions, is switched off by {@link #FORBID_EXTENSIONS}.
 */
public final class TrustGate implements ResolverHookFactory {

  /** Of Felix; a system property. Extensions would run in the framework before anybody was asked. */
  public static final String FORBID_EXTENSIONS = "felix.extensions.disable";

  private static final int REFUSALS_KEPT = 1024;
  private static final Logger log = LoggerFactory.getLogger(TrustGate.class);

  private final DistributionHashes distribution;
  private final Set<Path> planned;
  private final Path home;
  private final Map<BundleRevision, JarFacts> facts = Collections.synchronizedMap(new WeakHashMap<>());
  // Whether its jar is one of those planned; asked for every requirement of every bundle.
  private final Map<BundleRevision, Boolean> ours = Collections.synchronizedMap(new WeakHashMap<>());
  // Location and hash of what was refused, so that it is said once.
  private final Set<String> said = ConcurrentHashMap.newKeySet();
  // Ids of bundles that were kept from resolving, to be started should they be trusted later.
  private final Set<Long> refused = ConcurrentHashMap.newKeySet();
  private volatile Set<String> ourNames = Set.of();
  private volatile Policy policy;
  private volatile BundleContext context;

  /** @param planned jars of the distribution that the features name; they were checked before the framework was made */
  public TrustGate(Dist dist, Home home, Collection<Path> planned) throws Failure {
    this.distribution = DistributionHashes.of(dist);
    this.planned = Set.copyOf(planned);
    this.home = home.dir();
    this.policy = Policy.strict(home.dir());
  }

  /** Before the framework starts a bundle, and again whenever it was started anew. */
  public void open(BundleContext system) {
    context = system;
    ourNames = names(system);
    system.registerService(ResolverHookFactory.class, this, null);
  }

  private Set<String> names(BundleContext system) {
    Set<String> names = new HashSet<>();
    for (Bundle bundle : system.getBundles()) {
      BundleRevision revision = bundle.adapt(BundleRevision.class);
      if (bundle.getBundleId() == 0 || revision != null && isPlanned(revision)) {
        names.add(bundle.getSymbolicName());
      }
    }
    return Set.copyOf(names);
  }

  @Override
  public ResolverHook begin(Collection<BundleRevision> triggers) {
    return new GatedResolve(triggers, this::mayRun);
  }

  private boolean mayRun(BundleRevision revision) {
    if (revision.getBundle().getBundleId() == 0) {
      return true;
    }
    try {
      Verdict verdict = judge(revision);
      if (!verdict.mayRun()) {
        refused.add(revision.getBundle().getBundleId());
      }
      if (!verdict.mayRun() && said.size() < REFUSALS_KEPT && said.add(revision.getBundle().getLocation() + verdict)) {
        log.warn("plugin refused bundle={} version={} location={} because=\"{}\"", revision.getSymbolicName(), revision.getVersion(),
            revision.getBundle().getLocation(), verdict.reason());
      }
      return verdict.mayRun();
    } catch (RuntimeException e) {
      log.error("plugin refused bundle={} because=\"{}\"", revision.getSymbolicName(), "it could not be checked", e);
      return false;
    }
  }

  Verdict judge(BundleRevision revision) {
    if (isPlanned(revision)) {
      return new Verdict("OURS", "NONE", "", "", revision.getSymbolicName(), revision.getVersion().toString(), "",
          "a part of this distribution");
    }
    return policy.judge(factsOf(revision), distribution);
  }

  /** A bundle that is being updated has no file for a moment; nothing that is thought of it then is kept. */
  private JarFacts factsOf(BundleRevision revision) {
    JarFacts read = facts.computeIfAbsent(revision, r -> RevisionJar.of(r).map(this::read).orElse(null));
    return read == null ? JarFacts.unreadable("it is not a jar file of its own; a folder cannot be signed") : read;
  }

  /** Once per revision, before it resolves. */
  private JarFacts read(Path jar) {
    JarFacts read = JarFacts.read(jar, distribution, ourNames);
    boolean copied = jar.startsWith(home.resolve("data/framework"));
    if (!copied && !distribution.contains(read.sha256())) {
      return JarFacts.unreadable("it lies where it could be changed after it was checked; install it by a file: URL, not reference:");
    }
    if (copied) {
      RevisionJar.forgetUnpacked(jar);
    }
    return read;
  }

  private boolean isPlanned(BundleRevision revision) {
    return Boolean.TRUE.equals(ours.computeIfAbsent(revision, r -> RevisionJar.of(r).map(planned::contains).orElse(null)));
  }

  /** What would become of that jar. */
  Verdict check(Path jar) {
    return policy.judge(JarFacts.read(jar, distribution, ourNames), distribution);
  }

  Optional<Verdict> installed(long bundleId) {
    BundleContext system = context;
    Bundle bundle = system == null ? null : system.getBundle(bundleId);
    BundleRevision revision = bundle == null || bundleId == 0 ? null : bundle.adapt(BundleRevision.class);
    return Optional.ofNullable(revision).map(this::judge);
  }

  /** Remembers that it is to be started should it be trusted again. */
  void stopped(long bundleId) {
    refused.add(bundleId);
  }

  /** Whether the bundle was stopped, or kept from resolving, since this was last asked. */
  boolean wasRefused(long bundleId) {
    return refused.remove(bundleId);
  }

  Policy policy() {
    return policy;
  }

  void use(Policy next) {
    Policy before = policy;
    policy = next;
    said.clear();
    if (next.unsigned() && !before.unsigned()) {
      log.warn("unsigned plugins run because={}", "plugins.unsigned: allow");
    }
    List<String> problems = next.keys().problems();
    problems.stream().filter(problem -> !before.keys().problems().contains(problem))
        .forEach(problem -> log.warn("trusted key problem=\"{}\"", problem));
  }

  /** Changes whenever a file in the folders of keys does. */
  static String fingerprint(List<Path> folders) {
    StringBuilder all = new StringBuilder();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        Set<String> lines = new java.util.TreeSet<>();
        for (Path file : files) {
          lines.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file) + "\n");
        }
        lines.forEach(all::append);
      } catch (IOException | java.nio.file.DirectoryIteratorException e) {
        all.append(folder).append(' ').append(e);
      }
    }
    return all.toString();
  }

  BundleContext context() {
    return context;
  }
}
