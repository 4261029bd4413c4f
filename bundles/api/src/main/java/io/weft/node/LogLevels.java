package io.weft.node;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Log levels while running. Any thread. Changes do not survive a restart. */
@ProviderType
public interface LogLevels {

  /** Loggers with a level of their own, by name; the root logger is {@code root}. */
  Map<String, String> levels();

  /**
   * @param logger a logger name such as {@code io.weft.mesh}, or {@code root}
   * @param level error, warn, info, debug, trace, or {@code default} to inherit again
   * @throws IllegalArgumentException if the level is none of these
   */
  void set(String logger, String level);
}
