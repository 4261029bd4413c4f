package io.weft.directory.merge;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the directory. */
@ObjectClassDefinition(name = "Weft: directory")
@interface DirectoryConfig {

  @AttributeDefinition(
      description =
          "Milliseconds for which peers are remembered after the source that saw them went away, as it does while its bundle is updated"
              + " or its entry is edited. Applies at once.")
  long source_grace_ms() default 60_000;
}
