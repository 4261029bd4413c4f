package io.weft.launcher.framework;

import java.nio.file.Path;

/**
 * A bundle that a feature names.
 *
 * @param artifact group and artifact (and classifier), which stays the same from version to version
 * @param start false for what is only resolved
 * @param startFor the kind of URL whose first use starts it, or empty
 */
record PlannedBundle(String artifact, Path jar, int startLevel, boolean start, String startFor) {

  /** The jar is used where it lies, not copied into the cache. */
  String location() {
    return "reference:" + jar.toUri();
  }
}
