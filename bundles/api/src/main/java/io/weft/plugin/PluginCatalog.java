package io.weft.plugin;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * All configured catalogues of plugins behind one door. A catalogue whose index cannot be had or trusted counts as empty, and {@link
 * #catalogs()} says why. Any thread, never a loop: may read files and ask servers, for at most half a minute.
 */
@ProviderType
public interface PluginCatalog {

  /** The newest version of each plugin that has all of these words in its name, kinds or description; all if there are none. By name. */
  List<PluginInfo> search(String words);

  /** All versions of a plugin, the newest first; of two catalogues with the same version, the one configured first. */
  List<PluginInfo> versions(String name);

  /**
   * The newest version of a plugin within a range.
   *
   * @param range as in OSGi, {@code [1.0,2)} or {@code [1.2.0,1.2.0]} for exactly one; empty for any
   * @throws IllegalArgumentException if the range is none
   */
  Optional<PluginInfo> find(String name, String range);

  /**
   * Brings the jar into the staging folder of this node, and checks it.
   *
   * @throws PluginUnavailable if it cannot be had, or its size or hash is not that of the index
   */
  StagedPlugin fetch(PluginInfo plugin) throws PluginUnavailable;

  /** Looks at the indexes again now rather than when they are next due. */
  void refresh();

  List<CatalogStatus> catalogs();
}
