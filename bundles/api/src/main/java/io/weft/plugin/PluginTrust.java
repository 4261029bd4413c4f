package io.weft.plugin;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one place that says whose code may run on this node. What it refuses stays unresolved whichever way it came in, so asking here first
 * is for better messages, not for safety. Any thread, never a loop: files are read whole.
 */
@ProviderType
public interface PluginTrust {

  /**
   * Checks a jar before it is installed: the archive first, then the signature over all of its bytes. Runs nothing of it and extracts
   * nothing. Never throws because of what is in the file.
   */
  PluginVerdict check(Path jar);

  /** What was decided on an installed bundle, checked now if it was not yet; {@link PluginProblem#UNREADABLE} if there is none. */
  PluginVerdict installed(long bundleId);

  /** The keys, in the order of their names. */
  List<PluginKey> keys();

  /** Whether unsigned plugins run: a switch for development, which {@code weft status} shows. */
  boolean unsignedAllowed();
}
