package io.weft.plugin;

/** Why a jar may not run. */
public enum PluginProblem {
  /** Nothing is wrong. */
  NONE,
  /** Not a jar, or one that breaks a rule of archives: limits, paths, links, duplicates. */
  MALFORMED,
  /** It would take the place of what the node provides: its packages, its names, a fragment of a bundle of ours or of the framework. */
  RESERVED,
  /** It has no signature. */
  NOT_SIGNED,
  /** Its bytes are not those that were signed. */
  ALTERED,
  /** It is signed by a key that this node does not know. */
  UNKNOWN_KEY,
  /** The key is known but may not sign a plugin of this name. */
  WRONG_NAME,
  /** The key was revoked. */
  REVOKED_KEY,
  /** This very file was revoked by its hash. */
  REVOKED_FILE,
  /** Its bytes cannot be read, so nothing is known of them. */
  UNREADABLE
}
