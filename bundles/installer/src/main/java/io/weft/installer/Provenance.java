package io.weft.installer;

/**
 * Where a jar comes from.
 *
 * @param typed what somebody typed, or would have
 * @param catalog the catalogue that has it; empty if it comes from elsewhere
 * @param neededBy the plugin that it was brought in for; empty if somebody named it
 */
record Provenance(String typed, String catalog, String neededBy) {

  /** A path, or a URL. */
  static Provenance of(String typed) {
    return new Provenance(typed, "", "");
  }

  boolean isOfCatalog() {
    return !catalog.isEmpty();
  }

  Provenance neededBy(String plugin) {
    return new Provenance(typed, catalog, plugin);
  }

  String words() {
    return (isOfCatalog() ? "the catalogue " + catalog : typed) + (neededBy.isEmpty() ? "" : ", needed by " + neededBy);
  }
}
