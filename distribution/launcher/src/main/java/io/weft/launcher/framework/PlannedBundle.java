package io.weft.launcher.framework;

import java.nio.file.Path;

/**
 * A bundle that a feature names.
 *
 * @param artifact group and artifact (and classifier), which stays the same from version to version
 * @param start false for what is only resolved
 */
record PlannedBundle(String artifact, Path jar, int startLevel, boolean start) {

  /** The jar is used where it lies, not copied into the cache. */
  String location() {
    return "reference:" + jar.toUri();
  }
}
