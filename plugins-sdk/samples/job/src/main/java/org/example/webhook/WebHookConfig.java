package org.example.webhook;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code web-hook} of weft.yaml. */
@ObjectClassDefinition(name = "Webhook", description = "A job that calls a URL on schedule, from one node of the fabric.")
@interface WebHookConfig {

  @AttributeDefinition(description = "Where to post to, http or https. Applies at once.")
  String url();

  @AttributeDefinition(min = "1", max = "86400", description = "Seconds from one call to the next. Applies at once.")
  long every_seconds() default 60;

  @AttributeDefinition(min = "100", max = "600000", description = "Milliseconds that a call may take. Applies at once.")
  long timeout_ms() default 10_000;

  @AttributeDefinition(
      required = false,
      type = AttributeType.PASSWORD,
      description = "What to send as the header Authorization. Applies to the next call.")
  String authorization() default "";
}
