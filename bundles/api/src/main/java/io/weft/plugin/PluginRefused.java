package io.weft.plugin;

/** A change was not made. The message says why and what to do, in one line; trying again is safe. */
public final class PluginRefused extends Exception {

  private static final long serialVersionUID = 1L;
  private final boolean denied;

  /** @param denied whether it is not allowed, rather than not possible */
  public PluginRefused(String message, boolean denied) {
    super(message);
    this.denied = denied;
  }

  public PluginRefused(String message) {
    this(message, false);
  }

  public PluginRefused(String message, Throwable cause) {
    super(message, cause);
    this.denied = false;
  }

  /** Whether it is not allowed, rather than not possible. */
  public boolean denied() {
    return denied;
  }
}
