package io.weft.support.plugin;

import java.util.List;

/**
 * A key that an operator trusts, and what for.
 *
 * @param name of its file, without {@code .pub}
 * @param plugins names it may sign: {@code com.acme.} and all below, {@code com.acme.vault} that one only, {@code *} all but the product's
 * @param catalogs names of catalogues whose index it may sign
 */
public record TrustedKey(String name, PublicKeyId key, List<String> plugins, List<String> catalogs) {

  /** Names of plugins that only a key may sign which says so in full. */
  private static final String PRODUCT = "io.weft";

  public TrustedKey {
    plugins = List.copyOf(plugins);
    catalogs = List.copyOf(catalogs);
  }

  public boolean maySign(String symbolicName) {
    return plugins.stream().anyMatch(rule -> rule.equals(symbolicName) || rule.endsWith(".") && symbolicName.startsWith(rule)
        || rule.equals("*") && !isProduct(symbolicName));
  }

  public boolean maySignCatalog(String name) {
    return catalogs.contains(name);
  }

  /** Whether it may sign parts of the product itself, and so whatever they may do. */
  public boolean isProducts() {
    return plugins.contains(PRODUCT + ".");
  }

  static boolean isProduct(String symbolicName) {
    return symbolicName.equals(PRODUCT) || symbolicName.startsWith(PRODUCT + ".");
  }

  /** The file that {@link TrustedKeys} reads. */
  public String text() {
    return "key: " + key.text() + "\nplugins: " + String.join(" ", plugins) + "\n"
        + (catalogs.isEmpty() ? "" : "catalogs: " + String.join(" ", catalogs) + "\n");
  }
}
