package io.weft.shell;

import io.weft.plugin.CatalogStatus;
import io.weft.plugin.PluginCatalog;
import io.weft.plugin.PluginInfo;
import io.weft.plugin.PluginKey;
import io.weft.plugin.PluginProblem;
import io.weft.plugin.PluginStanding;
import io.weft.plugin.PluginTrust;
import io.weft.plugin.PluginUnavailable;
import io.weft.plugin.PluginVerdict;
import io.weft.plugin.StagedPlugin;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One catalogue with one plugin, one key for both, and another catalogue that is away. */
final class SamplePlugins implements PluginCatalog, PluginTrust {

  private static final String KEY = "21fe31dfa154a261";
  private static final PluginInfo VAULT = new PluginInfo("acme", "com.acme.vault", "1.2.0", List.of("SecretSource"), "Secrets of a vault", "Apache-2.0",
      List.of("osgi.service;objectClass=io.weft.secret.SecretSource"),
      List.of("osgi.wiring.package;filter:=\"(&(osgi.wiring.package=io.weft.secret)(version>=1.0.0))\""), 20_480, "ab".repeat(32), KEY);

  PluginStanding standing = PluginStanding.REFUSED;
  boolean unsigned;

  @Override
  public List<PluginInfo> search(String words) {
    return VAULT.name().contains(words) ? List.of(VAULT) : List.of();
  }

  @Override
  public List<PluginInfo> versions(String name) {
    return VAULT.name().equals(name) ? List.of(VAULT) : List.of();
  }

  @Override
  public Optional<PluginInfo> find(String name, String range) {
    return versions(name).stream().findFirst();
  }

  @Override
  public List<PluginInfo> providing(String namespace, String filter) {
    return List.of();
  }

  @Override
  public StagedPlugin fetch(PluginInfo plugin) throws PluginUnavailable {
    throw new PluginUnavailable("there is no jar");
  }

  @Override
  public Set<String> names() {
    return Set.of(VAULT.name());
  }

  @Override
  public void refresh() {
    // always new
  }

  @Override
  public List<CatalogStatus> catalogs() {
    return List.of(
        new CatalogStatus("acme", "https://plugins.example.com/acme/", 7, Optional.of(Instant.parse("2026-09-01T00:00:00Z")),
            2, Optional.of(Instant.parse("2027-06-01T00:00:00Z")), List.of("acme"), 1, ""),
        new CatalogStatus("gone", "/mnt/gone", 0, Optional.empty(), 0, Optional.empty(), List.of(), 0, "it cannot be reached: there is no file index in /mnt/gone"));
  }

  @Override
  public PluginVerdict check(Path jar) {
    return switch (standing) {
      case REFUSED -> new PluginVerdict(standing, PluginProblem.NOT_SIGNED, "", "", "com.acme.vault", "1.2.0", "ab".repeat(32), "it is not signed");
      case UNSIGNED -> new PluginVerdict(standing, PluginProblem.NONE, "", "", "com.acme.vault", "1.2.0", "ab".repeat(32), "nobody signed it, and this node runs such");
      default -> new PluginVerdict(standing, PluginProblem.NONE, "acme", KEY, "com.acme.vault", "1.2.0", "ab".repeat(32), "signed by acme");
    };
  }

  @Override
  public PluginVerdict installed(long bundleId) {
    return check(Path.of(""));
  }

  @Override
  public List<PluginKey> keys() {
    return List.of(new PluginKey("acme", KEY, List.of("com.acme."), List.of("acme"), false));
  }

  @Override
  public boolean unsignedAllowed() {
    return unsigned;
  }
}
