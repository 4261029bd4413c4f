package io.weft.launcher.framework;

import io.weft.support.Json;
import io.weft.support.JsonReader;
import io.weft.support.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the last start applied of the features, so that this one applies the difference only. Kept outside of the framework's cache; losing
 * it costs a look at every bundle, nothing else.
 */
final class AppliedBundles {

  /** @param fingerprint what the jar looked like */
  record Applied(String artifact, String location, String fingerprint) {}

  private static final Logger log = LoggerFactory.getLogger(AppliedBundles.class);

  private final Path file;

  AppliedBundles(Path data) {
    this.file = data.resolve("features.json");
  }

  List<Applied> read() {
    try {
      List<Applied> applied = new ArrayList<>();
      for (Object entry : (List<?>) ((Map<?, ?>) JsonReader.read(Files.readString(file))).get("bundles")) {
        Map<?, ?> map = (Map<?, ?>) entry;
        applied.add(new Applied((String) map.get("artifact"), (String) map.get("location"), (String) map.get("fingerprint")));
      }
      return applied;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | IllegalArgumentException | ClassCastException | NullPointerException e) {
      log.warn("feature state unreadable file={} consequence={}", file, "every bundle is looked at again", e);
      return List.of();
    }
  }

  /** @param fingerprints by location, of each bundle of the plan */
  void write(List<PlannedBundle> plan, Map<String, String> fingerprints) throws IOException {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (PlannedBundle bundle : plan) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("artifact", bundle.artifact());
      entry.put("location", bundle.location());
      entry.put("fingerprint", fingerprints.get(bundle.location()));
      entries.add(entry);
    }
    WholeFile.write(file, Json.compact(Map.of("bundles", entries)) + "\n", WholeFile.Sync.CONTENT);
  }

  /** What the jars look like now, by location. */
  static Map<String, String> fingerprints(List<PlannedBundle> plan) throws IOException {
    Map<String, String> all = new HashMap<>();
    for (PlannedBundle bundle : plan) {
      all.put(bundle.location(), fingerprint(bundle.jar()));
    }
    return all;
  }

  /**
   * Size, time of change of the content and, where there is one, of the file itself: archives unpack with a fixed time, so the first two alone
   * would miss a jar that was built again.
   */
  private static String fingerprint(Path jar) throws IOException {
    String base = Files.size(jar) + "-" + Files.getLastModifiedTime(jar).toMillis();
    if (!jar.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return base;
    }
    return base + "-" + ((java.nio.file.attribute.FileTime) Files.getAttribute(jar, "unix:ctime")).toMillis();
  }
}
