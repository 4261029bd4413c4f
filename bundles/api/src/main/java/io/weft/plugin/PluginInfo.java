package io.weft.plugin;

import java.util.List;

/**
 * One version of a plugin as a catalogue lists it. Texts are from the signed index, and still those of strangers.
 *
 * @param catalog the name of the catalogue
 * @param name symbolic name
 * @param version OSGi version, such as {@code 1.2.0}
 * @param kinds what it adds to a node: the simple names of the SPI services it provides ({@code SecretSource}) and {@code command}
 * @param description one line, may be empty
 * @param licence an SPDX id or what the author wrote, may be empty
 * @param capabilities what it provides, a clause as in a manifest each: {@code osgi.service;objectClass=...}, exported packages as
 *     {@code osgi.wiring.package;osgi.wiring.package=NAME;version=...}
 * @param requirements what it needs, likewise, with their {@code filter:}
 * @param size of the jar in bytes
 * @param sha256 of the jar, in lower-case hexadecimal
 * @param keyId the id of the key that signed the jar, empty if it is not signed
 */
public record PluginInfo(
    String catalog,
    String name,
    String version,
    List<String> kinds,
    String description,
    String licence,
    List<String> capabilities,
    List<String> requirements,
    long size,
    String sha256,
    String keyId) {

  public PluginInfo {
    kinds = List.copyOf(kinds);
    capabilities = List.copyOf(capabilities);
    requirements = List.copyOf(requirements);
  }
}
