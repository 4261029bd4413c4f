package org.example.addresstable;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code address-table} of weft.yaml. */
@ObjectClassDefinition(name = "Address table", description = "Other addresses to reach peers at than those that are known of them.")
@interface AddressTableConfig {

  @AttributeDefinition(
      required = false,
      description = "Entries known=used, each an IP:port, such as 203.0.113.7:7450=10.8.0.2:7450: whoever is known at the first is "
          + "reached at the second. At most 256. Applies to new links.")
  String[] addresses() default {};
}
