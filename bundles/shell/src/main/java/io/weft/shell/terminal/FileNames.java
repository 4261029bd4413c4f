package io.weft.shell.terminal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Completes {@code file:} URLs and whole paths of jars and directories. */
final class FileNames {

  private static final String SCHEME = "file:";
  private static final int NAMES_MAX = 200;
  private static final Logger log = LoggerFactory.getLogger(FileNames.class);

  private FileNames() {}

  static List<String> of(String word) {
    if (!word.startsWith(SCHEME) && !word.startsWith("/")) {
      return List.of(SCHEME, "mvn:");
    }
    String scheme = word.startsWith(SCHEME) ? SCHEME : "";
    String typed = word.substring(scheme.length());
    String directory = typed.substring(0, typed.lastIndexOf('/') + 1);
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory.isEmpty() ? "/" : directory))) {
      for (Path entry : entries) {
        String name = scheme + (directory.isEmpty() ? "/" : directory) + entry.getFileName();
        if (names.size() < NAMES_MAX && Files.isDirectory(entry)) {
          names.add(name + "/");
        } else if (names.size() < NAMES_MAX && name.endsWith(".jar")) {
          names.add(name);
        }
      }
    } catch (IOException | InvalidPathException e) {
      log.trace("nothing to complete", e); // not a directory, or not ours to read
    }
    return names;
  }
}
