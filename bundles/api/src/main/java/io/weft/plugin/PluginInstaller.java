package io.weft.plugin;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Changes which plugins this node has: first as a plan, then for real. A change is applied as a whole or not at all, also if the process
 * is killed on the way, and the set before it comes back by itself unless the node was well for a while. Any thread, never a loop: it
 * reads jars and starts bundles.
 */
@ProviderType
public interface PluginInstaller {

  /**
   * Says what a change would do. Changes nothing.
   *
   * @throws PluginRefused if there is nothing that could be done
   */
  PluginPlan plan(PluginRequest request) throws PluginRefused;

  /**
   * Does what a plan says. Returns when everything was done except that a plugin may still be starting, which takes it no longer than a
   * second to find out.
   *
   * @param force also if the plan has problems or restarts bundles that came with the node
   * @throws PluginRefused if the plan must be forced, or the node is no longer as it was when the plan was made; nothing was changed
   */
  PluginChange apply(PluginPlan plan, boolean force) throws PluginRefused;

  /** What operators added, by name: installed by command or put into the deploy folder. */
  List<InstalledPlugin> installed();

  /**
   * Starts a plugin that is stopped or failed, and lifts its quarantine.
   *
   * @throws PluginRefused if there is no such plugin
   */
  InstalledPlugin start(String name) throws PluginRefused;

  /** The latest changes, the newest first. */
  List<PluginChange> history();
}
