package io.weft.plugin;

import java.util.List;

/**
 * A key that this node trusts to sign plugins or catalogues.
 *
 * @param name what people call it
 * @param id the first 16 hexadecimal digits of SHA-256 of the public key
 * @param plugins prefixes of symbolic names it may sign: {@code org.example.} is all below, {@code org.example.vault} that one only
 * @param catalogs names of catalogues whose index it may sign
 * @param revoked whether it was trusted once and is no more
 */
public record PluginKey(String name, String id, List<String> plugins, List<String> catalogs, boolean revoked) {

  public PluginKey {
    plugins = List.copyOf(plugins);
    catalogs = List.copyOf(catalogs);
  }
}
