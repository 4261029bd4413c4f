package io.weft.shell.store;

import io.weft.dcs.Dcs;
import io.weft.dcs.Expect;
import io.weft.dcs.WriteResult;
import java.util.concurrent.CompletionStage;

/** One write of a plan. It happens only if the key is as it was when the plan was made. */
sealed interface Step {

  String key();

  CompletionStage<WriteResult> take(Dcs dcs);

  record Create(String key, byte[] value) implements Step {
    @Override
    public CompletionStage<WriteResult> take(Dcs dcs) {
      return dcs.put(key, value, Expect.absent(), null);
    }
  }

  record Change(String key, byte[] value, long revision) implements Step {
    @Override
    public CompletionStage<WriteResult> take(Dcs dcs) {
      return dcs.put(key, value, Expect.revision(revision), null);
    }
  }

  record Delete(String key, long revision) implements Step {
    @Override
    public CompletionStage<WriteResult> take(Dcs dcs) {
      return dcs.delete(key, Expect.revision(revision));
    }
  }
}
