package io.weft.billing;

import java.util.List;
import java.util.Map;
import java.math.BigDecimal;
import org.osgi.annotation.versioning.ConsumerType;

/** Says how much each account used. Registered as a service; all of them are asked, each for its own meter. */
@ConsumerType
public interface MeterSource {

  /** What it measures, such as {@code storage}: lower-case letters, digits and dashes. Constant. */
  String meter();

  /**
   * How much these accounts used in that hour, by {@link AccountRef#number}. An account that is left out used nothing; what is
   * not known yet must be thrown as an exception, or it would be free for ever. The same question has the same answer, since an
   * hour is asked for again when a run was lost.
   *
   * <p>Called on the thread of a job, for some thousand accounts at once; may block, no transaction is open meanwhile. The hour
   * has ended. The thread is interrupted when the run is cancelled.
   *
   * @return quantities that are not negative
   */
  Map<Long, BigDecimal> read(Hour hour, List<AccountRef> accounts) throws Exception;
}
