package io.weft.node.core;

import java.util.Set;

/** What became of the configuration file. For this bundle only; whoever reads the file provides it. */
public interface Configured {

  /** Digest of the part that all nodes share: twelve characters, or empty before the file was read. */
  String sharedDigest();

  /** The PIDs that the file gave a configuration. */
  Set<String> pids();
}
