package io.weft.plugin;

/** A catalogue or a jar of it cannot be had, or is not what it should be. Nothing was changed; trying again is safe. */
public final class PluginUnavailable extends Exception {

  private static final long serialVersionUID = 1L;

  public PluginUnavailable(String message) {
    super(message);
  }

  public PluginUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
