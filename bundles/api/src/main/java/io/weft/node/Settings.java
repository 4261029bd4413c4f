package io.weft.node;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The effective configuration and where each value came from. Any thread; does not block. */
@ProviderType
public interface Settings {

  /** Every value in force, defaults included, ordered by key. Secrets appear as references. */
  List<Setting> all();

  /** Keys that were edited while running and wait for a restart, with the value in the file. */
  List<Setting> pendingRestart();

  /** The last file error, one line each with file, line and key; empty if the file is good. A bad file changes nothing. */
  List<String> problems();
}
