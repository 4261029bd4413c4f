package org.example.load;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code load} of weft.yaml. */
@ObjectClassDefinition(name = "Load", description = "Writes to the store and reads from it, for tests.")
@interface LoadConfig {

  @AttributeDefinition(description = "File of the record, to which lines are added. Applies at once.")
  String record();

  @AttributeDefinition(description = "Names of all nodes that write; this node reads what each of them wrote. Applies at once.")
  String[] nodes();

  @AttributeDefinition(required = false, min = "1", max = "100", description = "Keys that this node writes. Applies at once.")
  int keys() default 4;

  @AttributeDefinition(
      required = false,
      min = "1",
      max = "60000",
      description = "Milliseconds from one write of a key to the next, if that one is over. Applies at once.")
  long write_every_ms() default 45;

  @AttributeDefinition(required = false, min = "1", max = "60000", description = "Milliseconds from one read to the next. Applies at once.")
  long read_every_ms() default 20;
}
