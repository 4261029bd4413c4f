package io.weft.plugin;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What of this distribution runs in this node: features, which are sets of bundles with a name. Any thread, never a loop: bundles are
 * started and stopped. What is added stays over restarts.
 */
@ProviderType
public interface NodeFeatures {

  /** Every feature of the distribution, by name. */
  List<FeatureInfo> features();

  /**
   * Installs the bundles of a feature that are not there yet, and starts them.
   *
   * @throws PluginRefused if there is no such feature, or it is there already, or a bundle of it does not start; then it stays added
   */
  FeatureInfo install(String name) throws PluginRefused;

  /**
   * Removes the bundles that only this feature has.
   *
   * @throws PluginRefused if it is not there, or was asked for when the node was started
   */
  FeatureInfo remove(String name) throws PluginRefused;
}
