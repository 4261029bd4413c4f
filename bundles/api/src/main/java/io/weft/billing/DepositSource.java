package io.weft.billing;

import java.util.List;
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

  /**
   * Which of these deposits, given before, are not there any more, such as after a chain changed below what was final. Asked now and
   * then for those of the last days. Nothing is taken back by that: the books name them until an operator has put it right.
   *
   * <p>Called as {@link #read}. What may only be late is not gone. A source whose deposits are final has nothing to do.
   *
   * @param ids of deposits of this source; at most 1,000
   */
  default List<String> gone(List<String> ids) throws Exception {
    return List.of();
  }
}
