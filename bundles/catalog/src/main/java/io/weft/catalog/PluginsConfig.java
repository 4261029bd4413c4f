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

  @AttributeDefinition(
      required = false,
      description = "Catalogues, the preferred one first, at most 16: NAME=LOCATION such as acme=https://plugins.example.com/acme/, or a folder, "
          + "relative ones in the home of the node. NAME is the one that the catalogue gives itself. Applies at once.")
  String[] catalogs() default {};

  @AttributeDefinition(
      required = false,
      min = "1",
      max = "16",
      description = "How many trusted keys have to have signed the index of a catalogue, unless it wants more itself. Applies at once.")
  int catalog_signatures() default 1;

  @AttributeDefinition(
      required = false,
      min = "10",
      description = "Seconds for which the index of a catalogue is used before it is asked for again. Applies at once.")
  int catalog_refresh_s() default 3600;
}
