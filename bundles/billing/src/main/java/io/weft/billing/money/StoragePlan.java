package io.weft.billing.money;

import io.weft.billing.AccountRef;
import io.weft.billing.RatingPlan;
import io.weft.billing.Usage;
import java.math.BigDecimal;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The plan that ships: stored bytes beyond what is free. Any other plan takes its place. */
@Component(name = "weft.billing.storage", property = "service.ranking:Integer=-1000")
@Designate(ocd = StoragePlan.Config.class)
public final class StoragePlan implements RatingPlan {

  private static final String METER = "storage";

  private final StoragePrice price;

  /** Section {@code billing.storage}. */
  @ObjectClassDefinition(name = "Weft: price of storage", description = "The rating plan that ships: what stored bytes cost.")
  @interface Config {

    @AttributeDefinition(required = false, min = "0",
        description = "Bytes of each account that cost nothing. Applies to new charges.")
    long free_bytes() default 524_288_000;

    @AttributeDefinition(
        required = false,
        description = "Price of 2^30 bytes for a month of 720 hours, as a decimal number in the unit of the balances. Applies "
            + "to new charges.")
    String price_per_gb_month() default "3";
  }

  @Activate
  public StoragePlan(Config config) {
    this.price = new StoragePrice(BigDecimal.valueOf(config.free_bytes()), decimal(config.price_per_gb_month()));
  }

  private static BigDecimal decimal(String text) {
    try {
      return new BigDecimal(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("billing.storage.price.per.gb.month: expected a decimal number such as 3 or 0.25", e);
    }
  }

  @Override
  public String name() {
    return METER;
  }

  @Override
  public BigDecimal rate(AccountRef account, Usage usage) {
    return price.of(usage.of(METER));
  }
}
