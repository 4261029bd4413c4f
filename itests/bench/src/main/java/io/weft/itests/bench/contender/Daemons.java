package io.weft.itests.bench.contender;

import io.weft.itests.Command;
import io.weft.itests.bench.Wire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The processes of one contender. */
final class Daemons implements AutoCloseable {

  private final Wire wire;
  private final String name;
  private final List<Process> processes = new ArrayList<>();

  Daemons(Wire wire, String name) {
    this.wire = wire;
    this.name = name;
  }

  void startInA(String... words) {
    start(wire.insideA(), words);
  }

  void startInB(String... words) {
    start(wire.insideB(), words);
  }

  private void start(List<String> prefix, String... words) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(List.of(words));
    processes.add(Command.of(all).start(wire.directory().resolve(name + ".log")));
  }

  Collection<ProcessHandle> handles() {
    return processes.stream().map(Process::toHandle).toList();
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
