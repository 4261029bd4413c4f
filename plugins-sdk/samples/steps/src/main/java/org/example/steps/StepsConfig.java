package org.example.steps;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code steps} of weft.yaml. */
@ObjectClassDefinition(name = "Steps", description = "A job whose runs take several steps, from one node of the fabric.")
@interface StepsConfig {

  @AttributeDefinition(description = "Where each step is posted to, http. Applies at once.")
  String url();

  @AttributeDefinition(
      required = false,
      min = "1",
      max = "86400",
      description = "Seconds from one run to the next. Applies at once.")
  long every_seconds() default 60;

  @AttributeDefinition(required = false, min = "1", max = "10000", description = "Steps of a run. Applies at once.")
  int count() default 8;

  @AttributeDefinition(
      required = false,
      min = "1",
      max = "3600000",
      description = "Milliseconds from the end of one step to the next. Applies at once.")
  long pause_ms() default 100;

  @AttributeDefinition(
      required = false,
      min = "100",
      max = "60000",
      description = "Milliseconds that a step may take. Applies at once.")
  int timeout_ms() default 5_000;
}
