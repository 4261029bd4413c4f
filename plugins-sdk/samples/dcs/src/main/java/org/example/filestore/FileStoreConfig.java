package org.example.filestore;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code file-store} of weft.yaml. */
@ObjectClassDefinition(name = "File store", description = "Coordination for a node that is alone: a store in one file, kept by nobody else.")
@interface FileStoreConfig {

  @AttributeDefinition(description = "The file, relative to the home of the node. Applies at once.")
  String file() default "data/file-store.json";

  @AttributeDefinition(description = "Whether a write is on the disk before it is confirmed. Applies at once.")
  boolean sync() default true;
}
