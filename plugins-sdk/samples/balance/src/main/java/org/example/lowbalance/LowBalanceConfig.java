package org.example.lowbalance;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code low-balance} of weft.yaml. */
@ObjectClassDefinition(name = "Low balance", description = "Tells a URL when the balance of an account has become low.")
@interface LowBalanceConfig {

  @AttributeDefinition(description = "Where to post to, http or https. Applies at once.")
  String url();

  @AttributeDefinition(description = "The limit, an amount in the unit of the balance, as text: a balance below it is low. Applies at once.")
  String below() default "5.00";

  @AttributeDefinition(min = "100", max = "60000", description = "Milliseconds that a call may take. Applies at once.")
  long timeout_ms() default 10_000;

  @AttributeDefinition(
      required = false,
      type = AttributeType.PASSWORD,
      description = "What to send as the header Authorization. Applies to the next call.")
  String authorization() default "";
}
