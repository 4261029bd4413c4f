package io.weft.launcher.framework;

import io.weft.launcher.Dist;
import io.weft.support.Json;
import io.weft.support.JsonReader;
import io.weft.support.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Features that an operator added to those that the node is started with: {@code data/added-features.json}. */
final class AddedFeatures {

  private static final Logger log = LoggerFactory.getLogger(AddedFeatures.class);

  private final Path file;
  private final Dist dist;

  AddedFeatures(Path data, Dist dist) {
    this.file = data.resolve("added-features.json");
    this.dist = dist;
  }

  /** Names; without those that this distribution does not have any more. */
  List<String> read() {
    List<String> names = new ArrayList<>();
    try {
      for (Object name : (List<?>) ((Map<?, ?>) JsonReader.read(Files.readString(file))).get("features")) {
        if (Files.exists(dist.features().resolve(name + ".json"))) {
          names.add((String) name);
        } else {
          log.warn("added feature gone feature={} because=\"{}\"", name, "this distribution does not have it");
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | IllegalArgumentException | ClassCastException | NullPointerException e) {
      log.warn("added features unreadable file={} do=\"{}\"", file, "add them again with weft feature install", e);
    }
    return names;
  }

  void write(List<String> names) throws IOException {
    WholeFile.write(file, Json.compact(Map.of("features", names)) + "\n", WholeFile.Sync.CONTENT);
  }

  /** With those that the node is started with, which come first. */
  List<String> with(List<String> started) {
    Set<String> all = new LinkedHashSet<>(started);
    all.addAll(read());
    return List.copyOf(all);
  }
}
