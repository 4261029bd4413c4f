package io.weft.installer;

import io.weft.plugin.PluginInfo;
import io.weft.plugin.PluginRefused;
import io.weft.support.wiring.Need;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Brings into a change what its plugins need and only a catalogue has: for plugins that come from a catalogue themselves, and where there is no
 * doubt about which one is meant. Whoever sees the plan sees these, too; for the rest it says what could be named.
 */
final class Suppliers {

  static final int BROUGHT_MAX = 32;

  /** Makes a part of the change of a jar. */
  interface Move {
    Target of(JarFacts facts) throws PluginRefused;
  }

  /** @param hints what could be done about a need that is not met, to be put behind it */
  record Brought(List<Target> targets, Map<Need, String> hints) {}

  private final CataloguedPlugins catalogs;
  private final Intake intake;
  private final Impact impact;

  Suppliers(CataloguedPlugins catalogs, Intake intake, Impact impact) {
    this.catalogs = catalogs;
    this.intake = intake;
    this.impact = impact;
  }

  /** @return the targets, and those that were brought in behind them */
  Brought to(List<Target> named, Move move) throws PluginRefused {
    List<Target> all = new ArrayList<>(named);
    Map<Need, String> hints = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) { // it grows
      JarFacts facts = all.get(i).facts().orElse(null);
      for (Need need : facts == null ? List.<Need>of() : facts.needs()) {
        if (!hints.containsKey(need) && impact.provider(need, all).isEmpty()) {
          meet(facts, need, all, hints, move);
        }
      }
      if (all.size() > named.size() + BROUGHT_MAX) {
        throw new PluginRefused("it needs more than " + BROUGHT_MAX + " other plugins; install some of them first: "
            + all.stream().skip(named.size()).limit(5).map(Target::words).collect(Collectors.joining(", ")) + ", ...");
      }
    }
    return new Brought(all, hints);
  }

  private void meet(JarFacts facts, Need need, List<Target> all, Map<Need, String> hints, Move move) {
    List<PluginInfo> found = catalogs.providing(need).stream().filter(info -> all.stream().noneMatch(t -> t.name().equals(info.name()))).toList();
    if (found.isEmpty()) {
      return;
    }
    List<PluginInfo> likely = likely(found, facts.from().catalog());
    PluginInfo info = likely.get(0);
    if (!facts.from().isOfCatalog()) {
      hints.put(need, "; " + words(info) + " of the catalogue " + info.catalog() + " would do, name it as well");
    } else if (likely.size() > 1) {
      hints.put(need, "; name one of these as well: " + likely.stream().map(Suppliers::words).collect(Collectors.joining(", ")));
    } else {
      try {
        JarFacts brought = intake.take(words(info)).neededBy(facts.name());
        if (!brought.provides().meets(need)) {
          throw new PluginRefused("its manifest does not say so");
        }
        all.add(move.of(brought));
      } catch (PluginRefused e) {
        hints.put(need, "; " + words(info) + " of the catalogue " + info.catalog() + " would do, but: " + e.getMessage());
      }
    }
  }

  /** Those of the catalogue that the plugin itself is of, if it has some; else those of the catalogue that is preferred. */
  private static List<PluginInfo> likely(List<PluginInfo> found, String catalog) {
    List<PluginInfo> own = found.stream().filter(info -> info.catalog().equals(catalog)).toList();
    return own.isEmpty() ? found.stream().filter(info -> info.catalog().equals(found.get(0).catalog())).toList() : own;
  }

  private static String words(PluginInfo info) {
    return info.name() + "@" + info.version();
  }
}
