package io.weft.support.wiring;

import java.util.Optional;
import org.osgi.framework.Bundle;

/** Whose wish a bundle is, which its location tells. */
public enum Origin {
  /** It came with the node: the launcher starts it. */
  node,
  /** Of a plugin that somebody installed; the rest of the location is its symbolic name. The installer starts it. */
  plugin,
  /** Of a file in the deploy folder; the rest of the location is the file's name. The installer starts it. */
  deploy,
  /** Of an operator who gave the location. */
  bundle;

  private static final String REFERENCE = "reference:";

  public static Origin of(Bundle bundle) {
    return bundle.getBundleId() == 0 ? node : of(bundle.getLocation());
  }

  public static Origin of(String location) {
    return location.startsWith(REFERENCE) ? node : location.startsWith(plugin.prefix()) ? plugin
        : location.startsWith(deploy.prefix()) ? deploy : bundle;
  }

  private String prefix() {
    return name() + ":";
  }

  /** Where a bundle of this origin lives. Only of {@link #plugin} and {@link #deploy}. */
  public String location(String rest) {
    return prefix() + rest;
  }

  /** What a location is about, if it is of this origin. */
  public Optional<String> rest(String location) {
    return of(location) == this ? Optional.of(location.substring(prefix().length())) : Optional.empty();
  }
}
