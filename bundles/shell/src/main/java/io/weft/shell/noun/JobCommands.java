package io.weft.shell.noun;

import io.weft.coordination.JobInfo;
import io.weft.coordination.JobRecord;
import io.weft.coordination.JobScope;
import io.weft.coordination.JobSpec;
import io.weft.coordination.Jobs;
import io.weft.coordination.Schedule;
import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code job:*}: what is done by schedule. */
public final class JobCommands {

  private static final Values JOBS =
      services -> services.find(Jobs.class).map(j -> j.list().stream().map(i -> i.spec().name()).toList()).orElse(List.of());

  private JobCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, JobCommands::list, Spec.of("job", "list", "List the jobs of this node")
            .example("weft job list", "what runs, and when next?")),
        new Command(services, JobCommands::show, Spec.of("job", "show", "Show one job in full")
            .argument("JOB", "name of the job", JOBS)
            .example("weft job show billing", "schedule, limits, last run")),
        new Command(services, JobCommands::run, Spec.of("job", "run", "Run a job once now, besides its schedule")
            .describe("It runs where its lease is, as soon as it does not run already.")
            .argument("JOB", "name of the job", JOBS)
            .dryRunUnlessYes()
            .example("weft job run billing --yes", "do not wait for the hour")),
        new Command(services, JobCommands::pause, Spec.of("job", "pause", "Stop a job from being run, in the whole fabric")
            .describe("A run that is on goes on. Holds until 'job resume', also over restarts.")
            .argument("JOB", "name of the job", JOBS)
            .dryRunUnlessYes()
            .example("weft job pause billing --yes", "before maintenance")),
        new Command(services, JobCommands::resume, Spec.of("job", "resume", "Let a paused job be run again")
            .argument("JOB", "name of the job", JOBS)
            .dryRunUnlessYes()
            .example("weft job resume billing --yes", "after maintenance")),
        new Command(services, JobCommands::why, Spec.of("job", "why", "Say why a job runs, or does not run, here and now")
            .argument("JOB", "name of the job", JOBS)
            .example("weft job why billing", "who has it?")),
        new Command(services, JobCommands::history, Spec.of("job", "history", "List the last runs of a job in the fabric")
            .argument("JOB", "name of the job", JOBS)
            .example("weft job history billing", "newest first")));
  }

  /** {@code {"jobs": [{"name", "schedule", "scope", "paused", "next", "held", "running", "last"}]}}. */
  private static void list(Invocation in) {
    List<JobInfo> jobs = in.services().need(Jobs.class).list();
    if (in.json()) {
      in.printJson(Map.of("jobs", jobs.stream().map(JobCommands::json).toList()));
      return;
    }
    Table table = new Table().left("JOB").left("SCHEDULE").left("SCOPE").left("NEXT").left("HERE").left("LAST");
    for (JobInfo job : jobs) {
      Cell here = job.running().isPresent() ? Cell.good("runs") : job.held() ? Cell.of("has the lease") : Cell.dim("stands by");
      table.row(Cell.bold(job.spec().name()), schedule(job.spec().schedule()), scope(job.spec().scope()),
          job.paused() ? Cell.warn("paused") : job.next() == null ? Cell.dim("-") : Text.time(job.next()), here,
          job.last().map(JobCommands::outcome).orElse(Cell.dim("-")));
    }
    in.out().table(table, "this node has no jobs");
  }

  /** {@code {"job": {...}}}, as in the list. */
  private static void show(Invocation in) {
    JobInfo job = job(in);
    if (in.json()) {
      in.printJson(Map.of("job", json(job)));
      return;
    }
    JobSpec spec = job.spec();
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("job", Cell.bold(spec.name()));
    rows.put("schedule", schedule(spec.schedule()) + (spec.jitter().isZero() ? "" : ", up to " + Text.duration(spec.jitter())
        + " later"));
    rows.put("scope", scope(spec.scope()));
    rows.put("missed periods", word(spec.misfire()));
    rows.put("time limit", Text.duration(spec.timeLimit()));
    rows.put("when removed", word(spec.whenRemoved()));
    rows.put("next", job.paused() ? Cell.warn("paused") : job.next() == null ? "-" : Text.time(job.next()));
    rows.put("lease", job.held() ? "here" : "elsewhere, or nowhere");
    rows.put("running", job.running().map(r -> "for " + Text.time(r.period()) + ", " + r.message()).orElse("not here"));
    rows.put("last here", job.last().map(r -> Text.time(r.period()) + ": " + word(r.outcome()) + " " + r.message()).orElse("-"));
    in.out().pairs(rows);
  }

  private static void run(Invocation in) throws InterruptedException {
    change(in, "asked", "run the job", "asked for a run of", Jobs::run);
  }

  private static void pause(Invocation in) throws InterruptedException {
    change(in, "paused", "pause the job", "paused", Jobs::pause);
  }

  private static void resume(Invocation in) throws InterruptedException {
    change(in, "resumed", "resume the job", "resumed", Jobs::resume);
  }

  private interface Change {
    java.util.concurrent.CompletionStage<Void> of(Jobs jobs, String name);
  }

  /** {@code {"job", "asked" | "paused" | "resumed", "dry_run"}}. */
  private static void change(Invocation in, String member, String would, String did, Change change) throws InterruptedException {
    String name = job(in).spec().name();
    if (in.yes()) {
      Answers.await(change.of(in.services().need(Jobs.class), name));
    }
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("job", name);
      json.put(member, in.yes());
      json.put("dry_run", !in.yes());
      in.printJson(json);
    } else if (in.yes()) {
      in.out().line(did, " ", Cell.bold(name));
    } else {
      in.out().line("would ", would, " ", Cell.bold(name), " in the whole fabric");
      in.out().line(Cell.dim("nothing was done; add --yes to do it"));
    }
  }

  /** {@code {"job", "why": [...]}}. */
  private static void why(Invocation in) throws InterruptedException {
    String name = job(in).spec().name();
    List<String> lines = Answers.await(in.services().need(Jobs.class).why(name));
    if (in.json()) {
      in.printJson(Views.pair("job", name, "why", lines));
    } else {
      lines.forEach(line -> in.out().line(line));
    }
  }

  /** {@code {"runs": [{"period", "shard", "node", "token", "started", "ended", "outcome", "message"}]}}. */
  private static void history(Invocation in) throws InterruptedException {
    List<JobRecord> runs = Answers.await(in.services().need(Jobs.class).history(job(in).spec().name()));
    if (in.json()) {
      in.printJson(Map.of("runs", runs.stream().map(JobCommands::json).toList()));
      return;
    }
    Table table = new Table().left("PERIOD").right("SHARD").left("NODE").right("TOKEN").right("TOOK").left("OUTCOME").left("MESSAGE");
    for (JobRecord run : runs) {
      table.row(Text.time(run.period()), run.shard(), run.node(), run.token(),
          run.ended() == null ? "-" : Text.duration(Duration.between(run.started(), run.ended())), outcome(run), run.message());
    }
    in.out().table(table, "it has not run");
  }

  private static JobInfo job(Invocation in) {
    Jobs jobs = in.services().need(Jobs.class);
    return jobs.show(in.argument(0)).orElseThrow(() -> {
      List<String> known = jobs.list().stream().map(j -> j.spec().name()).toList();
      return new CommandFailure(CommandFailure.PRECONDITION, "no job '" + Text.clean(in.argument(0)) + "' on this node; "
          + (known.isEmpty() ? "it has none" : "it has " + String.join(", ", known)));
    });
  }

  private static String schedule(Schedule schedule) {
    return schedule instanceof Schedule.Cron cron ? cron.expression() + " (" + cron.zone() + ")"
        : "every " + Text.duration(((Schedule.Every) schedule).interval());
  }

  private static String scope(JobScope scope) {
    return scope instanceof JobScope.Shards shards ? shards.count() + " shards"
        : scope instanceof JobScope.EveryNode ? "every node" : "one node";
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Cell outcome(JobRecord run) {
    return switch (run.outcome()) {
      case DONE -> Cell.good("done");
      case RUNNING -> Cell.of("running, or lost");
      case CANCELLED -> Cell.warn("cancelled");
      default -> Cell.bad(word(run.outcome()).replace('_', ' '));
    };
  }

  private static Map<String, @Nullable Object> json(JobInfo job) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", job.spec().name());
    map.put("schedule", schedule(job.spec().schedule()));
    map.put("scope", scope(job.spec().scope()));
    map.put("misfire", word(job.spec().misfire()));
    map.put("time_limit_seconds", job.spec().timeLimit().toMillis() / 1000.0);
    map.put("paused", job.paused());
    map.put("next", job.next());
    map.put("held", job.held());
    map.put("running", job.running().map(JobCommands::json).orElse(null));
    map.put("last", job.last().map(JobCommands::json).orElse(null));
    return map;
  }

  private static Map<String, @Nullable Object> json(JobRecord run) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("period", run.period());
    map.put("shard", run.shard());
    map.put("node", run.node());
    map.put("token", run.token());
    map.put("started", run.started());
    map.put("ended", run.ended());
    map.put("outcome", word(run.outcome()));
    map.put("message", run.message());
    return map;
  }
}
