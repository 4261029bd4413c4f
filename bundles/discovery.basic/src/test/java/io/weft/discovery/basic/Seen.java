package io.weft.discovery.basic;

import io.weft.discovery.Observation;
import io.weft.discovery.Observer;
import io.weft.path.Candidate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told. */
final class Seen implements Observer {

  final List<Observation> all = new CopyOnWriteArrayList<>();

  @Override
  public void found(Observation observation) {
    all.add(observation);
  }

  @Override
  public void lost(String peer) {
    throw new AssertionError("nothing here is ever lost");
  }

  Observation last() {
    return all.get(all.size() - 1);
  }

  List<String> addresses() {
    return all.isEmpty() ? List.of() : last().candidates().stream().map(Candidate::toString).toList();
  }
}
