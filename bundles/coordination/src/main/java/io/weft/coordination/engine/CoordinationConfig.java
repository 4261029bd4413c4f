package io.weft.coordination.engine;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code coordination}. */
@ObjectClassDefinition(name = "Weft: coordination", description = "Who acts: leases, groups and jobs.")
@interface CoordinationConfig {

  @AttributeDefinition(
      required = false,
      description = "Which DCS to use: raft, etcd, nats, postgres, consul; the same on all nodes. Left out, the only one that "
          + "is there; none: none of them, while one is moved to another. Applies at once.")
  String backend() default "";

  @AttributeDefinition(
      required = false,
      min = "1000",
      max = "3600000",
      description = "Milliseconds after which a lease of a job or a number in a group is free again when its node is gone, "
          + "brought into the "
          + "bounds of the DCS. Applies to new leases.")
  long ttl_ms() default 10_000;

  @AttributeDefinition(
      required = false,
      min = "0",
      max = "60000",
      description = "Milliseconds that a run may go on after its job was removed, if the job says that it may finish. Applies "
          + "at once.")
  long finish_ms() default 5_000;
}
