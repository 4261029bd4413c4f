package io.weft.support.plugin;

import java.util.List;

/**
 * One version of a plugin in the index of a catalogue.
 *
 * @param capabilities a clause of OSGi each
 * @param requirements likewise
 * @param file path below the catalogue
 * @param keyId of the key that signed the jar, empty if none did
 */
public record ListedPlugin(
    String name,
    String version,
    List<String> kinds,
    String description,
    String licence,
    List<String> capabilities,
    List<String> requirements,
    String file,
    long size,
    String sha256,
    String keyId) {

  public ListedPlugin {
    kinds = List.copyOf(kinds);
    capabilities = List.copyOf(capabilities);
    requirements = List.copyOf(requirements);
  }
}
