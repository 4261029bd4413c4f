package io.weft.billing.core;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Section {@code billing}. */
@ObjectClassDefinition(name = "Weft: billing", description = "Who pays, when, and what keeps anybody from paying twice.")
@interface BillingConfig {

  @AttributeDefinition(
      required = false,
      description = "Key that external identities are hashed with; at least 16 bytes, the same on all nodes, and never another "
          + "one again: whoever has it can try out identities against the books. Applies at once.",
      type = AttributeType.PASSWORD)
  String identity_key() default "secret:formation/billing/identity";

  @AttributeDefinition(
      required = false,
      options = {@Option("auto"), @Option("dcs"), @Option("database"), @Option("off")},
      description = "What keeps each job to one node: leases of the DCS, the lock of the database, either of them depending on "
          + "whether there is a DCS (auto), or nothing (off), as in a fleet of which not all know of it. Applies at once.")
  String singleton() default "auto";

  @AttributeDefinition(
      required = false,
      min = "2",
      max = "600",
      description = "Seconds after which the lock of the database is free for others if the node that holds it stands still; "
          + "when it dies that is at once. Applies at once.")
  int lock_ttl_seconds() default 20;

  @AttributeDefinition(
      required = false,
      description = "Whether a charge exists once per account and hour. Off: the last hour is charged whenever the job runs, "
          + "as by a single node before there was such a key. Applies at once.")
  boolean idempotency() default true;

  @AttributeDefinition(
      required = false,
      description = "Whether the database refuses who lost the lease to somebody else. Applies at once.")
  boolean fencing() default true;

  @AttributeDefinition(
      required = false,
      min = "0",
      max = "3600",
      description = "Seconds after the end of an hour before it is charged, so that late readings count. Applies at once.")
  int settle_seconds() default 300;

  @AttributeDefinition(
      required = false,
      min = "1",
      max = "87600",
      description = "Hours that may be owed. If there are more, nothing is charged until somebody has looked, since the clock of "
          + "the database may be wrong. Applies at once.")
  int catch_up_max_hours() default 744;

  @AttributeDefinition(
      required = false,
      min = "100",
      max = "50000",
      description = "Accounts that are charged in one transaction at most; it gets smaller by itself where that takes long. "
          + "Applies at once.")
  int batch_max() default 10_000;

  @AttributeDefinition(
      required = false,
      description = "Smallest deposit that counts, as a decimal number; what is less is noted as dust. Applies at once.")
  String deposit_min() default "0.001";

  @AttributeDefinition(
      required = false,
      min = "0",
      max = "8760",
      description = "Hours for which a credited deposit is looked for at its source again and again; 0 never. Applies at once.")
  int deposit_recheck_hours() default 72;

  @AttributeDefinition(
      required = false,
      options = {@Option("csv"), @Option("json")},
      description = "Form of the files with the statements of a month. Applies to the next file.")
  String statement_format() default "csv";

  @AttributeDefinition(
      required = false,
      min = "1",
      max = "1200",
      description = "Months whose statements stay on the disk; older files are removed. Applies to the next file.")
  int statement_months() default 36;

  @AttributeDefinition(
      required = false,
      description = "How far above zero the balance of a suspended account has to be to be charged again, as a decimal number. "
          + "Applies at once.")
  String lift_above() default "0";

  @AttributeDefinition(
      required = false,
      min = "1",
      max = "3600",
      description = "Seconds between two looks whether an hour is to be charged. Applies at once.")
  int deduction_every_seconds() default 60;

  @AttributeDefinition(
      required = false,
      min = "1",
      max = "86400",
      description = "Seconds between two looks for deposits. Applies at once.")
  int deposit_every_seconds() default 600;

  @AttributeDefinition(
      required = false,
      min = "10",
      max = "86400",
      description = "Seconds between two checks of the books as a whole. Applies at once.")
  int reconciliation_every_seconds() default 3_600;
}
