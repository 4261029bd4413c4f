package org.example.csvpeers;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code csv-peers} of weft.yaml. */
@ObjectClassDefinition(name = "CSV peers", description = "Peers that are written down in a CSV file.")
@interface CsvPeersConfig {

  @AttributeDefinition(description = "The file, relative to the home of the node. Applies at once.")
  String file() default "conf/peers.csv";

  @AttributeDefinition(min = "100", max = "3600000", description = "Milliseconds from one look at the file to the next. Applies at once.")
  long interval_ms() default 2_000;
}
