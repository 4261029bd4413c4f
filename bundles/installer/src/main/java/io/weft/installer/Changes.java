package io.weft.installer;

import io.weft.node.Clock;
import io.weft.node.Health;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.plugin.PluginChange;
import io.weft.plugin.PluginPlan;
import io.weft.plugin.PluginPlan.Kind;
import io.weft.plugin.PluginPlan.Move;
import io.weft.plugin.PluginRefused;
import io.weft.support.wiring.Missing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one change at a time, watches how the node takes it, and goes back if it does not take it well. */
final class Changes {

  /** The longest that a caller waits for a plugin that starts. */
  static final Duration GRACE = Duration.ofSeconds(1);

  /** In place of what is wrong already: whatever is wrong, the change is not blamed for it. */
  static final String ANYTHING = "*";

  /** How long a change that is not blamed for anything has to stay up. */
  private static final Duration ALONE = Duration.ofSeconds(10);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final int START_LEVEL = 80;
  private static final Logger log = LoggerFactory.getLogger(Changes.class);

  private final BundleContext framework;
  private final SetRecord record;
  private final PluginStarts starts;
  private final Steps steps;
  private final Mover mover;
  private final Clock clock;
  private final Timers timers;
  private final Worker worker;
  private final Supplier<InstallerConfig> config;
  private final Supplier<Optional<Health>> health;
  // Held while bundles move, by whoever moves them; no other lock is held when it is taken.
  private final ReentrantLock moving = new ReentrantLock();
  // Both belong to the worker.
  private @Nullable Trial trial;
  private long trialId;
  private volatile @Nullable Registration next;

  Changes(BundleContext framework, SetRecord record, PluginStarts starts, Steps steps, Clock clock, Timers timers, Worker worker,
      Supplier<InstallerConfig> config, Supplier<Optional<Health>> health) {
    this.framework = framework;
    this.record = record;
    this.starts = starts;
    this.steps = steps;
    this.mover = new Mover(framework, steps);
    this.clock = clock;
    this.timers = timers;
    this.worker = worker;
    this.config = config;
    this.health = health;
  }

  PluginChange apply(PluginPlan plan, boolean force) throws PluginRefused {
    return apply(plan, force, force, this::known);
  }

  /**
   * A change that nobody is there to force or to call off. What is missing may come later. The node's health is not held against it: whoever
   * filled the folder is not the node, and would do it again.
   */
  PluginChange deploy(PluginPlan plan) throws PluginRefused {
    return apply(plan, true, false, state -> List.of(ANYTHING));
  }

  private PluginChange apply(PluginPlan plan, boolean despiteProblems, boolean despiteCore, Function<RecordedState, List<String>> known)
      throws PluginRefused {
    if (!waitForOthers()) {
      throw new PluginRefused("another change of plugins is going on; try again when it is done");
    }
    try {
      RecordedState state = record.read();
      check(plan, despiteProblems, despiteCore, state);
      List<RecordedBundle> next = next(plan, state);
      steps.done(ChangeStep.staged);
      record.begin(next, plan.summary(), clock.now().toEpochMilli(), known.apply(state));
      steps.done(ChangeStep.begun);
      return move(state.bundles(), next);
    } finally {
      moving.unlock();
    }
  }

  /** Most that hold it write a line and are done. */
  private boolean waitForOthers() {
    try {
      return moving.tryLock(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void check(PluginPlan plan, boolean despiteProblems, boolean despiteCore, RecordedState state) throws PluginRefused {
    if (!plan.basis().equals(state.basis())) {
      throw new PluginRefused("the plugins of this node changed since this was planned; plan it again");
    }
    if (state.trial().isPresent() && state.trial().get().applying()) {
      throw new PluginRefused("the change before this one waits for a restart of the node; restart it first");
    }
    if (!despiteProblems && !plan.problems().isEmpty()) {
      throw new PluginRefused(String.join("; ", plan.problems()));
    }
    if (!despiteCore && !plan.core().isEmpty()) {
      throw new PluginRefused("it would restart what came with the node: " + String.join(", ", plan.core()), true);
    }
  }

  private List<RecordedBundle> next(PluginPlan plan, RecordedState state) throws PluginRefused {
    List<RecordedBundle> next = new ArrayList<>(state.bundles());
    for (Move move : plan.moves()) {
      Optional<RecordedBundle> now = state.at(move.location());
      next.removeIf(entry -> entry.location().equals(move.location()));
      if (move.kind() != Kind.remove) {
        String jar = record.stage(move.jar().orElseThrow());
        verify(move, state, jar);
        next.add(new RecordedBundle(move.location(), jar, now.map(RecordedBundle::startLevel).orElse(START_LEVEL),
            now.map(RecordedBundle::started).orElse(true), 0, ""));
      }
    }
    return next;
  }

  private static void verify(Move move, RecordedState state, String jar) throws PluginRefused {
    try {
      if (!JarFacts.hash(state.folder().resolve(jar)).equals(move.sha256())) {
        throw new PluginRefused("the jar of " + move.name() + " changed since this was planned; plan it again");
      }
    } catch (IOException e) {
      throw new PluginRefused("the jar of " + move.name() + " cannot be read back: " + e.getMessage(), e);
    }
  }

  /** What is wrong already, so that the change is not blamed for it. */
  private List<String> known(RecordedState state) {
    return state.trial().map(RecordedState.Trial::known).orElseGet(() -> failing().map(HealthResult::name).toList());
  }

  private Stream<HealthResult> failing() {
    return health.get().stream().flatMap(h -> Stream.of(HealthKind.liveness, HealthKind.readiness).flatMap(kind -> h.results(kind).stream()))
        .filter(result -> result.status().isWorseThan(HealthStatus.warn));
  }

  /** The record says already what should be there. */
  private PluginChange move(List<RecordedBundle> from, List<RecordedBundle> to) throws PluginRefused {
    try {
      from.stream().filter(entry -> to.stream().noneMatch(next -> next.location().equals(entry.location())
          && Objects.equals(next.jar(), entry.jar()))).forEach(entry -> starts.callOff(entry.location()));
      List<Bundle> fresh = mover.move(from, to, record.read().folder());
      record.applied();
      steps.done(ChangeStep.applied);
      start(fresh, to);
      worker.execute(this::resume);
    } catch (Mover.Stuck e) {
      log.error("plugin change cut off reason=\"{}\" do={}", e.getMessage(), "restart the node: it comes up with the whole change");
      throw new PluginRefused(e.getMessage() + "; restart the node, it comes up with the whole change", e);
    }
    return record.read().history().get(0);
  }

  private void start(List<Bundle> fresh, List<RecordedBundle> set) {
    List<Bounded> begun = new ArrayList<>();
    for (Bundle bundle : fresh) {
      starts.changed(bundle.getLocation());
      if (set.stream().anyMatch(entry -> entry.location().equals(bundle.getLocation()) && entry.started())) {
        begun.add(starts.start(bundle));
      }
    }
    long end = clock.nanos() + GRACE.toNanos();
    begun.forEach(start -> start.within(Duration.ofNanos(Math.max(0, end - clock.nanos()))));
    fresh.forEach(bundle -> steps.done(ChangeStep.started, Missing.name(bundle)));
  }

  /** Watches the change that is on trial, if there is one. On the worker. */
  void resume() {
    try {
      Optional<RecordedState.Trial> open = record.read().trial().filter(t -> !t.applying());
      if (open.isEmpty()) {
        trial = null;
        return;
      }
      if (trial == null || trialId != open.get().id()) {
        trialId = open.get().id();
        Duration wellFor = Duration.ofSeconds(config.get().trial_s());
        boolean onlyItself = open.get().known().contains(ANYTHING);
        trial = new Trial(clock.nanos(), onlyItself && wellFor.compareTo(ALONE) > 0 ? ALONE : wellFor,
            Duration.ofSeconds(config.get().trial_unwell_s()));
      }
      look(trial, record.read(), open.get().known());
    } catch (PluginRefused e) {
      log.error("plugin change not watched reason=\"{}\"", e.getMessage());
    }
  }

  private void look(Trial current, RecordedState state, List<String> known) throws PluginRefused {
    List<String> unwell = failing().filter(result -> !known.contains(ANYTHING) && !known.contains(result.name()))
        .map(result -> result.name() + " " + result.message()).toList();
    Optional<Trial.Verdict> verdict = current.look(clock.nanos(), broken(state), unwell);
    if (verdict.isEmpty() || !moving.tryLock()) { // if something moves, the next look is about that
      Registration before = next;
      if (before != null) {
        before.close();
      }
      next = timers.after(LOOK_EVERY, worker, this::resume);
      return;
    }
    try {
      close(verdict.get());
    } finally {
      moving.unlock();
    }
  }

  /** The next change may have begun while this one was looked at; then there is nothing to be said of it any more. */
  private void close(Trial.Verdict verdict) throws PluginRefused {
    trial = null;
    if (record.read().trial().filter(open -> open.id() == trialId && !open.applying()).isEmpty()) {
      worker.execute(this::resume);
    } else if (verdict.keep()) {
      record.keep(verdict.why());
      steps.done(ChangeStep.kept);
      log.info("plugin change kept id={}", trialId);
    } else {
      back(verdict.why());
    }
  }

  /** A plugin that worked in its version before and does not start in this one. */
  private Optional<String> broken(RecordedState state) {
    return state.replaced().stream()
        .flatMap(location -> starts.trouble(location).stream().map(trouble -> name(location) + ": " + trouble.reason())).findFirst();
  }

  private String name(String location) {
    Bundle bundle = framework.getBundle(location);
    return bundle == null ? location : Missing.name(bundle) + " " + bundle.getVersion();
  }

  private void back(String why) throws PluginRefused {
    log.warn("plugins put back reason=\"{}\"", why);
    List<RecordedBundle> from = record.read().bundles();
    record.back("put back: " + why);
    steps.done(ChangeStep.back);
    move(from, record.read().bundles());
  }

  void close() {
    Registration pending = next;
    if (pending != null) {
      pending.close();
    }
  }
}
