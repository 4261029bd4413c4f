package io.weft.transport.memory;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Weft: transport.memory", description = "Links inside one process; for tests and samples.")
@interface MemoryConfig {

  @AttributeDefinition(description = "The largest datagram in bytes; 0 for none. Applies to new links.")
  int datagram_max() default 1200;

  @AttributeDefinition(description = "Bytes on their way on a link before its streams are not writable. Applies to new links.")
  int window_bytes() default 1_048_576;
}
