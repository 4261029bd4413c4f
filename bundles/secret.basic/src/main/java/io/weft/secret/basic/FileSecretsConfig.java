package io.weft.secret.basic;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of secrets in files. */
@ObjectClassDefinition(name = "Weft: secrets in files", description = "secret:file/NAME is the content of the file NAME.")
@interface FileSecretsConfig {

  @AttributeDefinition(
      description =
          "Folder of the files, relative to the home of the node; mode 0700, the files 0600. secret:file//some/where names a "
              + "file elsewhere."
              + " Applies at once.")
  String dir() default "conf/secrets";
}
