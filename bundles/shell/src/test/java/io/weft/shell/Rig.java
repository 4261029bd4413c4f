package io.weft.shell;

import io.weft.dcs.Dcs;
import io.weft.node.CommandFailure;
import io.weft.node.Examination;
import io.weft.node.ListenerSource;
import io.weft.node.Registration;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Services;
import io.weft.testkit.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.Bundle;

/** All commands over services that a test puts in, run as Gogo runs them but without its threads. */
public final class Rig implements Services {

  public record Result(String out, String failure, int exit) {}

  public final ManualTime time = new ManualTime(Instant.parse("2026-01-01T01:02:03Z"));
  public final List<ListenerSource> listenerSources = new ArrayList<>();
  public final List<Examination> examinations = new ArrayList<>();
  public final List<Bundle> bundles = new ArrayList<>();
  public final CommandProcessorImpl processor = new CommandProcessorImpl();
  public final List<Runnable> onStop = new CopyOnWriteArrayList<>();
  public int columns = 80;
  public boolean tty;
  private final List<Object> services = new ArrayList<>();
  private final Map<String, Command> commands = AllCommands.of(this);

  public Rig with(Object... more) {
    services.addAll(Arrays.asList(more));
    return this;
  }

  public Rig without(Class<?> type) {
    services.removeIf(type::isInstance);
    return this;
  }

  /** Runs a command given as its words: {@code "link list", "--json"}. */
  public Result run(String words, String... args) {
    Command command = commands.get(words.indexOf(' ') < 0 ? "weft:" + words : words.replace(' ', ':'));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CommandSession session = processor.createSession(InputStream.nullInputStream(), out, out)) {
      session.put("COLUMNS", columns);
      session.put(".tty", tty);
      command.execute(session, new ArrayList<>(Arrays.asList(args)));
      return new Result(out.toString(StandardCharsets.UTF_8), "", 0);
    } catch (CommandFailure e) {
      return new Result(out.toString(StandardCharsets.UTF_8), e.getMessage(), e.exitCode());
    } catch (Exception e) {
      throw new AssertionError(words + " " + Arrays.toString(args), e);
    }
  }

  @Override
  public <T> Optional<T> find(Class<T> type) {
    return services.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  @Override
  public String whyMissing(Class<?> type) {
    return "bundle x is not installed";
  }

  @Override
  public List<Dcs> stores() {
    return services.stream().filter(Dcs.class::isInstance).map(Dcs.class::cast).toList();
  }

  @Override
  public List<ListenerSource> listenerSources() {
    return listenerSources;
  }

  @Override
  public List<Examination> examinations() {
    return examinations;
  }

  @Override
  public List<Bundle> bundles() {
    return bundles;
  }

  @Override
  public Map<String, Command> commands() {
    return commands;
  }

  @Override
  public Registration onStop(Runnable task) {
    onStop.add(task);
    return () -> onStop.remove(task);
  }

  @Override
  public Instant now() {
    return time.now();
  }
}
