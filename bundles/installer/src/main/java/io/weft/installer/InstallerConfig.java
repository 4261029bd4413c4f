package io.weft.installer;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Weft: installer")
@interface InstallerConfig {

  @AttributeDefinition(description = "Seconds that the node must be well after a change of plugins before the change is kept. Until then the set "
      + "before it comes back if the node is unwell, or starts three times. Applies to new changes.")
  int trial_s() default 120;

  @AttributeDefinition(description = "Seconds that a health check, which was good before a change of plugins, may fail before the change is "
      + "taken back. Applies to new changes.")
  int trial_unwell_s() default 30;

  @AttributeDefinition(description = "Milliseconds that a plugin may take to start; then its start is interrupted and counts as failed. Nobody "
      + "waits for it longer than a second. Applies at once.")
  int start_timeout_ms() default 30_000;

  @AttributeDefinition(description = "A plugin that failed to start this often in a row is quarantined: it is not tried again by itself. "
      + "Applies at once.")
  int start_attempts() default 3;

  @AttributeDefinition(description = "Milliseconds before a plugin that failed is tried again; doubled with each failure. Applies at once.")
  int start_retry_ms() default 5_000;
}
