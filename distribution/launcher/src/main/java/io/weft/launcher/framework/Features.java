package io.weft.launcher.framework;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.support.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads feature files (OSGi Feature Service 1.0) into a list of bundles, in the order of their start. */
final class Features {

  private static final int DEFAULT_START_LEVEL = 50;

  private final Dist dist;

  Features(Dist dist) {
    this.dist = dist;
  }

  /** The bundles of these features; one that two of them name counts once. */
  List<PlannedBundle> plan(List<String> names) throws Failure {
    Map<String, PlannedBundle> plan = new LinkedHashMap<>();
    for (String name : names) {
      for (PlannedBundle bundle : read(name)) {
        plan.putIfAbsent(bundle.location(), bundle);
      }
    }
    for (PlannedBundle bundle : plan.values()) {
      if (!Files.isRegularFile(bundle.jar())) {
        throw new Failure(Failure.PRECONDITION, "this installation is not whole: " + bundle.jar() + " is missing; unpack it again");
      }
    }
    return plan.values().stream().sorted(java.util.Comparator.comparingInt(PlannedBundle::startLevel)).toList();
  }

  private List<PlannedBundle> read(String name) throws Failure {
    Path file = dist.features().resolve(name + ".json");
    if (!name.matches("[a-z0-9][a-z0-9.-]*")) {
      throw Failure.usage("'" + name + "' is not the name of a feature");
    }
    try {
      Map<?, ?> feature = (Map<?, ?>) JsonReader.read(Files.readString(file));
      if (!(feature.get("bundles") instanceof List<?> bundles)) {
        throw new Failure(Failure.PRECONDITION, file + ": no list 'bundles'");
      }
      return bundles.stream().map(entry -> bundle((Map<?, ?>) entry)).toList();
    } catch (NoSuchFileException e) {
      throw new Failure(Failure.USAGE, "no feature '" + name + "' in " + dist.features(), e);
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new Failure(Failure.PRECONDITION, file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private PlannedBundle bundle(Map<?, ?> entry) {
    if (!(entry.get("id") instanceof String id)) {
      throw new IllegalArgumentException("a bundle without 'id'");
    }
    int startLevel = entry.get("start-level") instanceof Long level ? Math.toIntExact(level) : DEFAULT_START_LEVEL;
    String startFor = entry.get("start-for") instanceof String scheme ? scheme : "";
    boolean start = !Boolean.FALSE.equals(entry.get("start")) && startFor.isEmpty();
    return new PlannedBundle(artifact(id), dist.bundles().resolve(path(id)), startLevel, start, startFor);
  }

  /** {@code g:a:v}, {@code g:a:type:v} or {@code g:a:type:classifier:v} as a path in a Maven repository. */
  static String path(String id) {
    String[] part = coordinates(id);
    String version = part[part.length - 1];
    String type = part.length > 3 ? part[2] : "jar";
    String classifier = part.length > 4 ? "-" + part[3] : "";
    return part[0].replace('.', '/') + "/" + part[1] + "/" + version + "/" + part[1] + "-" + version + classifier + "." + type;
  }

  private static String artifact(String id) {
    String[] part = coordinates(id);
    return part[0] + ":" + part[1] + (part.length > 4 ? ":" + part[3] : "");
  }

  private static String[] coordinates(String id) {
    String[] part = id.split(":", -1);
    if (part.length < 3 || part.length > 5 || !id.matches("[A-Za-z0-9_.:-]+") || id.contains("..") || id.matches(".*(^|:)(:|$).*")) {
      throw new IllegalArgumentException("'" + id + "' is not group:artifact[:type[:classifier]]:version");
    }
    return part;
  }
}
