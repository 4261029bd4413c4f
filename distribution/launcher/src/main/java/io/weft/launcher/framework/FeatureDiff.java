package io.weft.launcher.framework;

import io.weft.launcher.framework.AppliedBundles.Applied;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has to be done so that the framework holds what the features name, and nothing that only an older set named. What an operator
 * installed, stopped or updated is none of its business.
 *
 * @param uninstall locations
 * @param install bundles that are not there
 * @param update bundles whose jar changed in place
 * @param adopt bundles that are there but not known to be set up: an earlier start was cut off half-way
 * @param keepStopped artifacts that were stopped by an operator before they were replaced
 */
record FeatureDiff(
    List<String> uninstall, List<PlannedBundle> install, List<PlannedBundle> update, List<PlannedBundle> adopt, Set<String> keepStopped) {

  /**
   * @param present locations in the framework, and whether each is meant to be started
   * @param applied what the last start set up completely
   * @param fingerprints of the planned jars, by location
   * @param ours locations of this kind are the launcher's, even if {@code applied} was lost
   */
  static FeatureDiff between(
      List<PlannedBundle> plan, Map<String, Boolean> present, List<Applied> applied, Map<String, String> fingerprints, String ours) {
    Map<String, Applied> known = new HashMap<>();
    applied.forEach(entry -> known.put(entry.location(), entry));
    Set<String> planned = new HashSet<>();
    List<PlannedBundle> install = new ArrayList<>();
    List<PlannedBundle> update = new ArrayList<>();
    List<PlannedBundle> adopt = new ArrayList<>();
    for (PlannedBundle bundle : plan) {
      String location = bundle.location();
      planned.add(location);
      Applied before = known.get(location);
      if (!present.containsKey(location)) {
        install.add(bundle);
      } else if (before == null) {
        adopt.add(bundle);
      } else if (!before.fingerprint().equals(fingerprints.get(location))) {
        update.add(bundle);
      }
    }
    List<String> uninstall = new ArrayList<>();
    Set<String> keepStopped = new HashSet<>();
    present.forEach((location, started) -> {
      if (!planned.contains(location) && (known.containsKey(location) || location.startsWith(ours))) {
        uninstall.add(location);
        if (!started && known.containsKey(location)) {
          keepStopped.add(known.get(location).artifact());
        }
      }
    });
    return new FeatureDiff(uninstall, install, update, adopt, keepStopped);
  }

  boolean isEmpty() {
    return uninstall.isEmpty() && install.isEmpty() && update.isEmpty() && adopt.isEmpty();
  }
}
