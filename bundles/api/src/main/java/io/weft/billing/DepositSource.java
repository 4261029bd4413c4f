package io.weft.billing;

import org.osgi.annotation.versioning.ConsumerType;

/** Says what was paid in outside. Registered as a service; all of them are asked. */
@ConsumerType
public interface DepositSource {

  /** See {@link io.weft.node.Names}; part of the reference of each credit, so it never changes. */
  String name();

  /**
   * The next deposits. A deposit is given again and again until a cursor that lies behind it was passed in, and is credited once
   * however often it is given; so when in doubt, give it again. It must be final: what may still be taken back outside is held
   * back.
   *
   * <p>Called on the thread of a job, may block. What it throws ends this run for this source; the next one asks again with the
   * same cursor.
   *
   * @param cursor of the batch before; empty at the beginning
   * @param max how many deposits to give at most
   */
  DepositBatch read(String cursor, int max) throws Exception;
}
