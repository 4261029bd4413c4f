package io.weft.store.postgres.failover;

import io.weft.store.FailoverReport;
import io.weft.store.postgres.Endpoint;
import io.weft.store.postgres.PgErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The steps, in the only order there is. */
final class Runbook {

  private static final Duration SESSIONS_MAX = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final String LOOK = "look";

  /** What PostgreSQL says to who wants to connect to a database that takes no connections. */
  private static final String CLOSED = "55000";

  private static final String SESSIONS = "SELECT count(*)::text FROM pg_stat_activity WHERE datname = ? AND backend_type = "
      + "'client backend'";

  private final Endpoint endpoint;
  private final String replica;
  private final Transcript transcript;
  private final Duration replayMax;

  /** @param replayMax how long the replica may take to catch up while nobody can write */
  Runbook(Endpoint endpoint, String replica, Transcript transcript, Duration replayMax) {
    this.replayMax = replayMax;
    this.endpoint = endpoint;
    this.replica = replica;
    this.transcript = transcript;
  }

  /** Who is who, once everything is as it must be. */
  private record Parts(Host primary, Host replica) {}

  FailoverReport plan() {
    try {
      look();
      return transcript.report(true);
    } catch (NotProved e) {
      transcript.end(LOOK, String.valueOf(e.getMessage()));
      return transcript.report(false);
    }
  }

  FailoverReport run() {
    Parts parts;
    try {
      parts = look();
    } catch (NotProved e) {
      transcript.end(LOOK, String.valueOf(e.getMessage()));
      return transcript.report(false);
    }
    try {
      fence(parts.primary());
      prove(parts);
    } catch (NotProved e) {
      transcript.end("prove", e.getMessage() + "; nothing was flipped");
      undo(parts.primary());
      return transcript.report(false);
    }
    try {
      flip(parts);
      return transcript.report(true);
    } catch (NotProved e) {
      transcript.end("flip", e.getMessage() + "; " + parts.primary().name()
          + " stays fenced, since the replica may be a primary by now. Look at it, and "
          + "open one of the two: ALTER DATABASE " + parts.primary().database() + " ALLOW_CONNECTIONS true");
      return transcript.report(false);
    }
  }

  private Parts look() throws NotProved {
    List<Host> hosts = Host.all(endpoint);
    Host target = hosts.stream().filter(h -> h.name().equals(replica)).findFirst().orElseThrow(() -> new NotProved(
        replica + " is not in store.postgres.url, so no node would find it afterwards; there is "
            + String.join(", ", hosts.stream().map(Host::name).toList())));
    if (!endpoint.url().contains("targetServerType=primary")) {
      throw new NotProved("store.postgres.url has no targetServerType=primary, so nodes would not follow");
    }
    List<Host> primaries = new ArrayList<>();
    for (Host host : hosts) {
      boolean follows = host.is("pg_is_in_recovery()"); // one that does not answer may be a primary that somebody still writes to
      transcript.add(LOOK, true, host.name() + " is a " + (follows ? "replica" : "primary"));
      if (!follows) {
        primaries.add(host);
      }
    }
    if (primaries.size() != 1 || primaries.get(0).equals(target)) {
      throw new NotProved(primaries.isEmpty() ? "there is no primary that could be fenced" : primaries.size() > 1
          ? "there are two primaries already; find out which one has the truth" : replica + " is the primary already");
    }
    Host primary = primaries.get(0);
    String system = "SELECT system_identifier::text FROM pg_control_system()";
    if (!primary.text(system).equals(target.text(system))) {
      throw new NotProved(replica + " is not a replica of " + primary.name());
    }
    if (!target.is("has_function_privilege('pg_promote(boolean,integer)', 'execute')")) {
      throw new NotProved("the user may not promote; run on " + primary.name()
          + " in database postgres: GRANT EXECUTE ON FUNCTION pg_promote TO ...");
    }
    if (!primary.is("SELECT pg_has_role(datdba, 'member') FROM pg_database WHERE datname = ?", primary.database())) {
      throw new NotProved("the user does not own database " + primary.database() + ", so it cannot close it");
    }
    transcript.add(LOOK, true, target.name() + " follows " + primary.name() + ", and is "
        + primary.text("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), ?::pg_lsn)::text",
        target.text("SELECT pg_last_wal_replay_lsn()::text"))
        + " bytes behind");
    return new Parts(primary, target);
  }

  private void fence(Host primary) throws NotProved {
    primary.allow(false);
    transcript.add("fence", true, primary.name() + " takes no connections to " + primary.database() + " any more");
    primary.text("SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity WHERE datname = ? AND backend_type = "
        + "'client backend'",
        primary.database());
    String left = await(SESSIONS_MAX, () -> primary.text(SESSIONS, primary.database()), "0"::equals);
    if (!left.equals("0")) {
      throw new NotProved(left + " sessions of " + primary.database() + " on " + primary.name() + " do not end");
    }
    transcript.add("fence", true, "no session is left there");
  }

  private void prove(Parts parts) throws NotProved {
    Host primary = parts.primary();
    try (Connection connection = primary.books()) {
      throw new NotProved(primary.name() + " let somebody in although it is fenced");
    } catch (SQLException e) {
      if (!CLOSED.equals(e.getSQLState())) {
        throw new NotProved(primary.name() + " does not say that it is closed: " + PgErrors.inWords(e), e);
      }
    }
    String position = primary.text("SELECT pg_current_wal_lsn()::text");
    String behind = await(replayMax, () -> parts.replica().text(
        "SELECT greatest(pg_wal_lsn_diff(?::pg_lsn, pg_last_wal_replay_lsn()), 0)::bigint::text", position), "0"::equals);
    if (!behind.equals("0")) {
      throw new NotProved(parts.replica().name() + " is still " + behind + " bytes behind " + position);
    }
    if (!primary.is("SELECT NOT datallowconn FROM pg_database WHERE datname = ?", primary.database())
        || !primary.text(SESSIONS, primary.database()).equals("0")) {
      throw new NotProved("somebody took the fence off");
    }
    transcript.add("prove", true, primary.name() + " refuses whoever comes, and " + parts.replica().name()
        + " has everything up to " + position);
  }

  private void flip(Parts parts) throws NotProved {
    Host target = parts.replica();
    if (!target.is("pg_promote(true, 60)") || target.is("pg_is_in_recovery()")) {
      throw new NotProved(target.name() + " was not promoted within a minute");
    }
    transcript.add("flip", true, target.name() + " is the primary");
    target.allow(true);
    try (Connection connection = target.books()) {
      if (!connection.isValid(5)) {
        throw new NotProved(target.name() + " does not answer");
      }
    } catch (SQLException e) {
      throw new NotProved(target.name() + " does not let us in: " + PgErrors.inWords(e), e);
    }
    transcript.add("flip", true, target.name() + " takes connections to " + target.database() + "; " + parts.primary().name()
        + " stays closed, and may come back as a replica only");
  }

  private void undo(Host primary) {
    try {
      primary.allow(true);
      transcript.add("undo", true, primary.name() + " takes connections again; everything is as before");
    } catch (NotProved e) {
      transcript.end("undo", "the fence is still on: " + e.getMessage() + "; take it off by ALTER DATABASE " + primary.database()
          + " ALLOW_CONNECTIONS true, in database postgres");
    }
  }

  /** A question that is asked until the answer fits. */
  private interface Asked {
    String now() throws NotProved;
  }

  private static String await(Duration most, Asked asked, java.util.function.Predicate<String> fits) throws NotProved {
    long end = System.nanoTime() + most.toNanos();
    while (true) {
      String answer = asked.now();
      if (fits.test(answer) || System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
        return answer;
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }
}
