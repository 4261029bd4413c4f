package io.weft.plugin;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * All configured catalogues of plugins behind one door. A catalogue whose index cannot be had or trusted counts as empty, and {@link
 * #catalogs()} says why. Any thread, never a loop: may read files and ask servers, for at most two minutes.
 */
@ProviderType
public interface PluginCatalog {

  /** Each plugin that has all of these words in its name, kinds or description, in the version that {@link #find} takes; by name. */
  List<PluginInfo> search(String words);

  /** All versions of a plugin, the newest first; one that several catalogues list as often as they do, the one configured first before others. */
  List<PluginInfo> versions(String name);

  /**
   * The version of a plugin that is to be taken: of the catalogue configured first that lists one within the range, the newest that may run here
   * by the key that the index names. If none of all may, the newest of the first, so that the reason can be said.
   *
   * @param range as in OSGi, {@code [1.0,2)} or {@code [1.2.0,1.2.0]} for exactly one; empty for any
   * @throws IllegalArgumentException if the range is none
   */
  Optional<PluginInfo> find(String name, String range);

  /**
   * The plugins that meet a requirement, each in the version that is to be taken of those that do; in the order of catalogues, then of names.
   *
   * @param namespace as of a requirement of OSGi, such as {@code osgi.wiring.package}
   * @param filter empty for any
   * @throws IllegalArgumentException if the filter is none
   */
  List<PluginInfo> providing(String namespace, String filter);

  /**
   * Brings the jar into the staging folder of this node, and checks it. The same file of another catalogue will do if the one named cannot be asked.
   *
   * @throws PluginUnavailable if it cannot be had, or its size or hash is not that of the index
   */
  StagedPlugin fetch(PluginInfo plugin) throws PluginUnavailable;

  /** Names of all plugins that were listed when somebody last asked, for completion: returns at once, since it asks nobody. */
  Set<String> names();

  /** Looks at the indexes again now rather than when they are next due. */
  void refresh();

  List<CatalogStatus> catalogs();
}
