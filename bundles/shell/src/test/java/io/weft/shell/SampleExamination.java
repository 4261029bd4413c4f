package io.weft.shell;

import io.weft.node.Examination;
import io.weft.node.HealthResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Finds what the test says, at once. */
record SampleExamination(String name, HealthResult result) implements Examination {

  @Override
  public CompletableFuture<List<HealthResult>> examine() {
    return CompletableFuture.completedFuture(List.of(result));
  }
}
