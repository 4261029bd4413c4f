package org.example.slowlinks;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code slow-links} of weft.yaml. */
@ObjectClassDefinition(name = "Slow links", description = "The command slow-links list.")
@interface SlowLinksConfig {

  @AttributeDefinition(min = "1", max = "60000", description = "Milliseconds of round trip above which a link is slow. Applies at once.")
  int over_ms() default 200;
}
