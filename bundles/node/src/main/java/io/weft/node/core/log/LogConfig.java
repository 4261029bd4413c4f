package io.weft.node.core.log;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The section {@code log} of {@code weft.yaml}. */
@ObjectClassDefinition(
    name = "Weft: log",
    description = "What is logged, and how a line looks. Options of weft run and its environment variables go first.")
@interface LogConfig {

  /** How a line looks. */
  enum Format {
    text,
    json
  }

  /** How much is logged. */
  enum Level {
    error,
    warn,
    info,
    debug,
    trace
  }

  @AttributeDefinition(description = "How a line looks: text for people, json for machines; one event per line. Applies at once.")
  Format format() default Format.text;

  @AttributeDefinition(
      description = "From where on Weft's own events are logged; libraries log their warnings, and less if this is less. Applies at once.")
  Level level() default Level.info;

  @AttributeDefinition(
      description = "Levels of single loggers, such as {io.weft.mesh: debug, io.netty: info}; at most 64. Applies at once.",
      required = false)
  String[] levels() default {};
}
