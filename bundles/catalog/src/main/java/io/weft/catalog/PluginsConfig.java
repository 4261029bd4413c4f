package io.weft.catalog;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Section {@code plugins}. */
@ObjectClassDefinition(name = "Weft: plugins", description = "Whose plugins run on this node, and where they come from.")
@interface PluginsConfig {

  @AttributeDefinition(
      required = false,
      description = "Folders with the keys that may sign plugins and catalogues, NAME.pub each, and a file 'revoked'; relative ones are in "
          + "the home of the node. Applies at once.")
  String[] trust() default {"conf/keys"};

  @AttributeDefinition(
      required = false,
      description = "Whether plugins run that no trusted key has signed: refuse, or allow on a machine for development, which weft status "
          + "shows. Applies at once.",
      options = {@Option("refuse"), @Option("allow")})
  String unsigned() default "refuse";
}
