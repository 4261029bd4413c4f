package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import io.weft.support.wiring.Origin;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;

/** The commands that change bundles. Those of the node itself are protected by {@code --yes}. */
public final class BundleChanges {

  private static final String PROTECTED = "For a bundle that came with the node this is a dry run unless --yes.";
  private static final long REFRESH_TIMEOUT_S = 30;

  private BundleChanges() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, BundleChanges::install, Spec.of("bundle", "install", "Install a bundle from a URL and start it")
            .describe("It stays installed over restarts of the node. If it cannot start it stays listed, with the reason.")
            .argument("URL", "file:PATH or mvn:GROUP/ARTIFACT/VERSION", Values.FILES)
            .flag("--no-start", "Only install it.")
            .flag("--dry-run", "Only say what would be done.")
            .example("weft bundle install file:/srv/plugins/acme.discovery-1.0.jar", "from a file")
            .example("weft bundle install mvn:com.acme/acme.discovery/1.0", "from a Maven repository")),
        new Command(services, BundleChanges::update, Spec.of("bundle", "update", "Replace a bundle by another version")
            .describe("Links, channels and forwards of other bundles stay up. Bundles that use its packages are wired anew,",
                "which restarts them; they are named first.", PROTECTED)
            .argument("BUNDLE", "id or symbolic name", Values.BUNDLES)
            .optional("URL", "where the new version is; without it, where the old one came from", Values.FILES)
            .flag(Spec.YES, "Do it, even if it came with the node or others must restart.")
            .example("weft bundle update acme.discovery file:/srv/plugins/acme.discovery-1.1.jar", "to version 1.1")),
        new Command(services, BundleChanges::start, Spec.of("bundle", "start", "Start bundles")
            .many("BUNDLE", "id or symbolic name", Values.BUNDLES)
            .example("weft bundle start io.weft.discovery.basic", "start it, also after a restart of the node")),
        new Command(services, BundleChanges::stop, Spec.of("bundle", "stop", "Stop bundles")
            .describe(PROTECTED)
            .many("BUNDLE", "id or symbolic name", Values.BUNDLES)
            .flag(Spec.YES, "Do it, even if they came with the node.")
            .example("weft bundle stop io.weft.discovery.basic --yes", "no discovery; links stay up")),
        new Command(services, BundleChanges::uninstall, Spec.of("bundle", "uninstall", "Remove bundles")
            .describe(PROTECTED)
            .many("BUNDLE", "id or symbolic name", Values.BUNDLES)
            .flag(Spec.YES, "Do it, even if they came with the node or others use their packages.")
            .example("weft bundle uninstall acme.discovery", "remove it")));
  }

  /** {@code {"bundle": {...} or null, "action", "dry_run"}}; action is install or none (it was there already). */
  private static void install(Invocation in) throws Exception {
    try (FetchedJar jar = FetchedJar.from(in, in.argument(0))) {
      install(in, in.argument(0), jar);
    }
  }

  private static void install(Invocation in, String location, FetchedJar jar) throws Exception {
    JarHead head = jar.head();
    Bundle present = in.services().bundles().stream().filter(b -> b.getLocation().equals(location)).findFirst().orElse(null);
    Bundle same = in.services().bundles().stream().filter(b -> head.name().equals(b.getSymbolicName())).findFirst().orElse(null);
    if (present == null && same != null && same.getVersion().toString().equals(head.version())) {
      throw new CommandFailure(CommandFailure.PRECONDITION,
          head + " is installed already, as " + same.getBundleId() + "; use 'weft bundle update " + head.name()
          + " URL' to replace it");
    }
    boolean start = !in.flag("--no-start");
    boolean dryRun = in.flag("--dry-run");
    if (!in.json()) {
      String also = present == null && same != null ? ", beside version " + same.getVersion() : "";
      String then = start && !head.fragment() ? dryRun ? " and start it" : " and starting it" : "";
      in.out().line(dryRun ? "would install " : "installing ", Cell.bold(head.toString()), also, then);
    }
    if (dryRun) {
      report(in, present, "install", true);
      return;
    }
    Bundle bundle;
    try (InputStream stream = jar.open()) {
      bundle = system(in).getBundleContext().installBundle(location, stream);
    }
    if (start && !BundleWords.isFragment(bundle)) {
      startOne(in, bundle);
    }
    report(in, bundle, present == null ? "install" : "none", false);
  }

  private static Bundle system(Invocation in) {
    return in.services().bundles().stream().filter(b -> b.getBundleId() == 0).findFirst().orElseThrow();
  }

  /** {@code {"bundle": {...}, "action": "update", "dry_run", "restarts": [...]}}. */
  private static void update(Invocation in) throws Exception {
    Bundle bundle = changeable(in, in.argument(0));
    String location = in.optional(1).orElseGet(() -> origin(in, bundle));
    try (FetchedJar jar = FetchedJar.from(in, location)) {
      update(in, bundle, location, jar);
    }
  }

  /** Where it came from, to be read again. */
  private static String origin(Invocation in, Bundle bundle) {
    String location = bundle.getLocation().replaceFirst("^reference:", "");
    if (Origin.of(location) == Origin.plugin) {
      throw new CommandFailure(CommandFailure.PRECONDITION, BundleWords.name(bundle) + " is kept by the installer; use 'weft plugin update "
          + BundleWords.name(bundle) + "', or say which jar");
    }
    String home = system(in).getBundleContext().getProperty("weft.home");
    return home == null ? location
        : Origin.deploy.rest(location).map(file -> Path.of(home, "deploy", file).toUri().toString()).orElse(location);
  }

  private static void update(Invocation in, Bundle bundle, String location, FetchedJar jar) throws Exception {
    JarHead head = jar.head();
    if (!head.name().equals(bundle.getSymbolicName())) {
      throw new CommandFailure(CommandFailure.PRECONDITION,
          Text.clean(location) + " is " + head + ", not " + BundleWords.name(bundle));
    }
    TreeSet<String> restarts = Bundles.dependents(in, bundle);
    boolean dryRun = !in.yes() && (Bundles.isProtected(bundle) || !restarts.isEmpty());
    if (!in.json()) {
      in.out().line(dryRun ? "would update " : "updating ", Cell.bold(BundleWords.name(bundle)), " from " + bundle.getVersion()
          + " to ",
          head.version(), restarts.isEmpty() ? "" : "; restarts " + String.join(", ", restarts), users(bundle));
    }
    if (!dryRun) {
      try (InputStream stream = jar.open()) {
        bundle.update(stream);
      } catch (BundleException e) {
        throw failed(in, "update " + BundleWords.name(bundle), bundle, e);
      }
      refresh(in, Set.of(bundle));
    }
    report(in, bundle, "update", dryRun, restarts);
  }

  /** Bundles that use its services: what becomes of them their references say, so this is a hint and no promise. */
  private static String users(Bundle bundle) {
    TreeSet<String> users = new TreeSet<>();
    if (bundle.getRegisteredServices() != null) {
      Arrays.stream(bundle.getRegisteredServices()).filter(r -> r.getUsingBundles() != null)
          .flatMap(r -> Arrays.stream(r.getUsingBundles())).filter(b -> b.getBundleId() != 0 && !b.equals(bundle))
          .map(BundleWords::name).forEach(users::add);
    }
    return users.isEmpty() ? "" : "; its services, used by " + String.join(", ", users) + ", go for a moment";
  }

  /** Wires anew what still uses the old content of changed bundles. */
  private static void refresh(Invocation in, Set<Bundle> changed) throws InterruptedException {
    FrameworkWiring wiring = Bundles.wiring(in);
    if (wiring.getRemovalPendingBundles().stream().noneMatch(changed::contains)) {
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    wiring.refreshBundles(changed, event -> done.countDown());
    if (!done.await(REFRESH_TIMEOUT_S, TimeUnit.SECONDS)) {
      throw new CommandFailure(CommandFailure.CHECK,
          "it is not known how it ended: the framework still rewires after " + REFRESH_TIMEOUT_S + " s; see 'weft bundle list'");
    }
  }

  /** {@code {"bundles": [...], "action": "start", "dry_run": false}}. */
  private static void start(Invocation in) {
    List<Bundle> bundles = in.arguments().stream().map(a -> Bundles.find(in, a)).toList();
    for (Bundle bundle : bundles) {
      if (BundleWords.isFragment(bundle)) {
        throw new CommandFailure(CommandFailure.PRECONDITION,
            BundleWords.name(bundle) + " is a fragment, which is never started by itself");
      }
      startOne(in, bundle);
    }
    reportAll(in, bundles, "start", false);
  }

  private static void startOne(Invocation in, Bundle bundle) {
    try {
      bundle.start();
    } catch (BundleException e) {
      throw failed(in, "start " + BundleWords.name(bundle), bundle, e);
    }
  }

  /** {@code {"bundles": [...], "action": "stop", "dry_run"}}. */
  private static void stop(Invocation in) throws BundleException {
    List<Bundle> bundles = in.arguments().stream().map(a -> changeable(in, a)).toList();
    boolean dryRun = !in.yes() && bundles.stream().anyMatch(Bundles::isProtected);
    if (!dryRun) {
      for (Bundle bundle : bundles) {
        bundle.stop();
      }
    }
    reportAll(in, bundles, "stop", dryRun);
  }

  /** {@code {"bundles": [...], "action": "uninstall", "dry_run"}}. */
  private static void uninstall(Invocation in) throws Exception {
    List<Bundle> bundles = in.arguments().stream().map(a -> changeable(in, a)).toList();
    TreeSet<String> restarts = new TreeSet<>();
    bundles.forEach(b -> restarts.addAll(Bundles.dependents(in, b)));
    boolean dryRun = !in.yes() && (!restarts.isEmpty() || bundles.stream().anyMatch(Bundles::isProtected));
    if (!restarts.isEmpty() && !in.json()) {
      in.out().line((dryRun ? "would rewire " : "rewiring ") + String.join(", ", restarts));
    }
    if (!dryRun) {
      for (Bundle bundle : bundles) {
        bundle.uninstall();
      }
      refresh(in, Set.copyOf(bundles));
    }
    reportAll(in, bundles, "uninstall", dryRun);
  }

  private static Bundle changeable(Invocation in, String idOrName) {
    Bundle bundle = Bundles.find(in, idOrName);
    if (bundle.getBundleId() == 0) {
      throw new CommandFailure(CommandFailure.DENIED, "bundle 0 is the node itself: stop the process (SIGTERM), not the bundle");
    }
    return bundle;
  }

  private static CommandFailure failed(Invocation in, String what, Bundle bundle, BundleException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String reason = bundle.getState() == Bundle.INSTALLED ? BundleWords.reason(bundle, in.services().bundles()) : "";
    if (reason.isEmpty()) {
      reason = root.getClass().getSimpleName() + ": " + root.getMessage();
    }
    return new CommandFailure(CommandFailure.CHECK, "cannot " + what + ": " + Text.clean(reason.lines().findFirst().orElse("")));
  }

  private static void report(Invocation in, @Nullable Bundle bundle, String action, boolean dryRun) {
    report(in, bundle, action, dryRun, new TreeSet<>());
  }

  private static void report(Invocation in, @Nullable Bundle bundle, String action, boolean dryRun, Set<String> restarts) {
    if (in.json()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("bundle", bundle == null ? null : BundleCommands.json(bundle, in.services().bundles()));
      json.put("action", action);
      json.put("dry_run", dryRun);
      json.put("restarts", restarts);
      in.printJson(json);
    } else if (dryRun) {
      in.out().line(Cell.dim("nothing was done" + (action.equals("install") ? "" : "; add --yes to do it")));
    } else if (bundle != null) {
      in.out().line("bundle " + bundle.getBundleId() + " ", Cell.bold(BundleWords.name(bundle)), " " + bundle.getVersion()
          + " is ",
          BundleCommands.state(bundle));
    }
  }

  private static void reportAll(Invocation in, List<Bundle> bundles, String action, boolean dryRun) {
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("bundles", bundles.stream().map(b -> BundleCommands.json(b, in.services().bundles())).toList());
      json.put("action", action);
      json.put("dry_run", dryRun);
      in.printJson(json);
      return;
    }
    for (Bundle bundle : bundles) {
      if (dryRun) {
        String ours = Bundles.isProtected(bundle) ? ", which came with the node" : "";
        in.out().line("would " + action + " ", Cell.bold(BundleWords.name(bundle)), ours);
      } else {
        Object state = bundle.getState() == Bundle.RESOLVED ? "stopped" : BundleCommands.state(bundle);
        in.out().line(Cell.bold(BundleWords.name(bundle)), " is ", state);
      }
    }
    if (dryRun) {
      in.out().line(Cell.dim("nothing was done; add --yes to do it"));
    }
  }
}
