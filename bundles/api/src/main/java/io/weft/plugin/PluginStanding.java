package io.weft.plugin;

/** Whether the code of a jar may run on this node, and what that rests on. */
public enum PluginStanding {
  /** It is a file of this distribution, byte for byte. */
  OURS,
  /** Signed by a trusted key that may sign this name. */
  SIGNED,
  /** Nobody vouches for it; it runs because the development switch {@code plugins.unsigned} says so. */
  UNSIGNED,
  /** It may not run. */
  REFUSED;

  public boolean mayRun() {
    return this != REFUSED;
  }
}
