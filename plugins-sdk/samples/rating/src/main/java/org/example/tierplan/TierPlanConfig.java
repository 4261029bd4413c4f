package org.example.tierplan;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code tier-plan} of weft.yaml. Prices are text, because numbers of YAML may be floating. */
@ObjectClassDefinition(name = "Tier plan", description = "A rating plan: tiers of a price each.")
@interface TierPlanConfig {

  @AttributeDefinition(description = "The meter that is rated. Applies at once.")
  String meter() default "storage";

  @AttributeDefinition(min = "1", max = "1000000000000000", description = "How much of the meter's quantity is one unit; 1073741824 bytes are a GiB. "
      + "Applies at once.")
  long unit() default 1_073_741_824L;

  @AttributeDefinition(min = "1", max = "744", description = "Hours of a month: the price of a month is divided by them. Applies at once.")
  long hours() default 720;

  @AttributeDefinition(description = "Entries UP-TO=PRICE in rising order, in units: each unit up to that bound costs that much a month; the "
      + "last is *=PRICE, for all above. Applies at once, to hours that were not charged.")
  String[] tiers() default {"10=0", "100=0.02", "*=0.015"};
}
