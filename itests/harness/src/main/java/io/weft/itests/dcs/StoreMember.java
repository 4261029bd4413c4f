package io.weft.itests.dcs;

import io.weft.itests.Command;
import io.weft.testkit.Await;
import io.weft.testkit.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One server of a store. */
public final class StoreMember implements Member, AutoCloseable {

  private static final Duration GONE_MAX = Duration.ofSeconds(30);

  private final String name;
  private final ServerProcess server;
  private List<ProcessHandle> paused = List.of();

  StoreMember(String name, ServerProcess server) {
    this.name = name;
    this.server = server;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isAlive() {
    return ProcessHandle.of(server.pid()).filter(ProcessHandle::isAlive).isPresent();
  }

  /** All its processes. */
  @Override
  public void kill() {
    List<ProcessHandle> all = processes();
    all.forEach(ProcessHandle::destroyForcibly);
    server.kill();
    Await.until(name + " to be gone", GONE_MAX, () -> all.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Override
  public void start() {
    server.launch();
  }

  /** All its processes. */
  @Override
  public void pause() {
    paused = processes();
    paused.forEach(process -> signal("STOP", process.pid()));
    Await.until(name + " to stand still", GONE_MAX, () -> paused.stream().allMatch(process -> state(process.pid()).equals("T")));
  }

  @Override
  public void resume() {
    paused.forEach(process -> signal("CONT", process.pid()));
    paused = List.of();
  }

  /** The last lines that it wrote. */
  public String output() {
    return server.output();
  }

  @Override
  public void close() {
    resume();
    if (isAlive()) {
      kill();
    }
    server.close();
  }

  private List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>();
    ProcessHandle.of(server.pid()).ifPresent(process -> {
      all.add(process);
      process.descendants().forEach(all::add);
    });
    return all;
  }

  /** As in {@code ps}: T is stopped; empty if it is gone. */
  public static String state(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[0];
    } catch (IOException e) {
      return "";
    }
  }

  private static void signal(String name, long pid) {
    Command.of("kill", "-" + name, Long.toString(pid)).run(); // one that has ended meanwhile needs no signal
  }
}
