package io.weft.launcher.framework;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.support.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** Lists, adds and removes features of the distribution in the running node; for the installer, in types of the JDK. */
final class FeatureService implements Function<Map<String, Object>, Map<String, Object>> {

  /** The value of the service property {@link StartFailures#PROPERTY}. */
  static final String VALUE = "features";

  private final Dist dist;
  private final Features features;
  private final List<String> started;
  private final AddedFeatures added;
  private volatile BundleContext context;

  /** @param started features that the node was started with */
  FeatureService(Dist dist, Path data, List<String> started) {
    this.dist = dist;
    this.features = new Features(dist);
    this.started = started;
    this.added = new AddedFeatures(data, dist);
  }

  /** @param system of the framework whose bundles come and go */
  void register(BundleContext system) {
    context = system;
    Dictionary<String, Object> properties = new Hashtable<>(Map.of(StartFailures.PROPERTY, VALUE));
    system.registerService(Function.class, this, properties);
  }

  @Override
  public synchronized Map<String, Object> apply(Map<String, Object> request) {
    String name = String.valueOf(request.get("name"));
    try {
      return switch (String.valueOf(request.get("do"))) {
        case "list" -> Map.of("features", list());
        case "install" -> install(name);
        case "remove" -> remove(name);
        default -> Map.of("error", "this launcher does not know " + request.get("do"));
      };
    } catch (Failure e) {
      return Map.of("error", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Map.of("error", "cannot read or write the features: " + e.getMessage());
    }
  }

  private List<Map<String, Object>> list() throws IOException, Failure {
    List<String> names;
    try (Stream<Path> files = Files.list(dist.features())) {
      names = files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".json"))
          .map(file -> file.substring(0, file.length() - ".json".length())).sorted().toList();
    }
    List<String> active = added.with(started);
    List<Map<String, Object>> list = new ArrayList<>();
    for (String name : names) {
      Map<?, ?> json = (Map<?, ?>) JsonReader.read(Files.readString(dist.features().resolve(name + ".json")));
      Map<String, Object> feature = new LinkedHashMap<>();
      feature.put("name", name);
      feature.put("title", String.valueOf(json.get("name")));
      feature.put("description", String.valueOf(json.get("description")));
      feature.put("state", started.contains(name) ? "started" : active.contains(name) ? "added" : "available");
      feature.put("bundles", ((List<?>) json.get("bundles")).stream().map(b -> String.valueOf(((Map<?, ?>) b).get("id"))).toList());
      Set<String> others = locations(active.stream().filter(other -> !other.equals(name)).toList());
      feature.put("own", features.plan(List.of(name)).stream().filter(b -> !others.contains(b.location())).map(PlannedBundle::artifact).toList());
      list.add(feature);
    }
    return list;
  }

  private Set<String> locations(List<String> names) throws Failure {
    Set<String> locations = new HashSet<>();
    features.plan(names).forEach(bundle -> locations.add(bundle.location()));
    return locations;
  }

  private Map<String, Object> install(String name) throws IOException, Failure {
    List<PlannedBundle> plan = features.plan(List.of(name));
    if (added.with(started).contains(name)) {
      return Map.of("error", "feature '" + name + "' is in this node already");
    }
    List<String> names = new ArrayList<>(added.read());
    names.add(name);
    added.write(names);
    try {
      List<Bundle> fresh = new ArrayList<>();
      for (PlannedBundle bundle : plan) {
        if (context.getBundle(bundle.location()) == null) {
          Bundle installed = context.installBundle(bundle.location());
          installed.adapt(BundleStartLevel.class).setStartLevel(bundle.startLevel());
          boolean fragment = (installed.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
          if (bundle.start() && !fragment) {
            fresh.add(installed);
          }
        }
      }
      // Together and first: while the first of them starts, components are looked at on other threads, and Felix gives up resolving where two do.
      context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class).resolveBundles(fresh);
      for (Bundle bundle : fresh) {
        bundle.start(Bundle.START_ACTIVATION_POLICY);
      }
      return Map.of();
    } catch (BundleException e) {
      return Map.of("error", "feature '" + name + "' is added, but does not start: " + e.getMessage());
    }
  }

  private Map<String, Object> remove(String name) throws IOException, Failure {
    if (started.contains(name)) {
      return Map.of("error", "feature '" + name + "' was asked for when the node was started: leave it out of weft run --features", "denied", true);
    }
    List<String> names = new ArrayList<>(added.read());
    if (!names.remove(name)) {
      return Map.of("error", "feature '" + name + "' is not in this node");
    }
    added.write(names);
    Set<String> stay = locations(added.with(started));
    List<Bundle> gone = new ArrayList<>();
    try {
      for (PlannedBundle bundle : features.plan(List.of(name))) {
        Bundle present = context.getBundle(bundle.location());
        if (present != null && !stay.contains(bundle.location())) {
          present.uninstall();
          gone.add(present);
        }
      }
      context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class).refreshBundles(gone);
      return Map.of();
    } catch (BundleException e) {
      return Map.of("error", "feature '" + name + "' is removed, but not all of it stopped: " + e.getMessage());
    }
  }
}
