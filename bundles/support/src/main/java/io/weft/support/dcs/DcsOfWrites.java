package io.weft.support.dcs;

import io.weft.dcs.Dcs;
import io.weft.dcs.Expect;
import io.weft.dcs.Session;
import io.weft.dcs.Write;
import io.weft.dcs.WriteResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A store for which one write is a transaction with nothing else in it. The caller's mistakes are found here, before anything is sent. */
public abstract class DcsOfWrites implements Dcs {

  /**
   * Writes all of this or nothing.
   *
   * @param writes checked, and nobody else's
   */
  protected abstract CompletionStage<WriteResult> write(List<Write> writes);

  @Override
  public final CompletionStage<WriteResult> put(String key, byte[] value, Expect expect, @Nullable Session session) {
    DcsChecks.put(key, value);
    return write(List.of(new Write.Put(key, value, expect, Optional.ofNullable(session))));
  }

  @Override
  public final CompletionStage<WriteResult> delete(String key, Expect expect) {
    DcsChecks.delete(key, expect);
    return write(List.of(new Write.Delete(key, expect)));
  }

  @Override
  public final CompletionStage<WriteResult> transact(List<Write> writes) {
    DcsChecks.transaction(writes, capabilities().transactionMax());
    return write(List.copyOf(writes));
  }
}
