package org.example.passstore;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code pass-store} of weft.yaml. */
@ObjectClassDefinition(name = "Pass", description = "Secrets from the password manager pass: secret:pass-store/NAME.")
@interface PassStoreConfig {

  @AttributeDefinition(description = "The program and its words; the name of the secret is added as the last one. Applies at once.")
  String[] command() default {"pass", "show"};

  @AttributeDefinition(description = "Whether only the first line of what is printed is the secret. Applies at once.")
  boolean first_line() default true;

  @AttributeDefinition(min = "100", max = "10000", description = "Milliseconds after which the program is ended. Applies at once.")
  long timeout_ms() default 5_000;
}
