package org.example.usagefiles;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code usage-files} of weft.yaml. */
@ObjectClassDefinition(name = "Usage files", description = "A meter: usage per account from a CSV file for each hour.")
@interface UsageFilesConfig {

  @AttributeDefinition(description = "What is measured, the name that rating plans look for. Applies at once.")
  String meter() default "storage";

  @AttributeDefinition(description = "The folder with the files, relative to the home of the node. Applies at once.")
  String folder() default "data/usage";
}
