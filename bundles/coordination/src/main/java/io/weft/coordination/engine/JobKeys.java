package io.weft.coordination.engine;

import io.weft.coordination.JobRecord;
import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where jobs keep what in the DCS, and how it looks. */
final class JobKeys {

  static final String LEASES = "jobs/";
  private static final int MESSAGE_MAX = 300;

  private JobKeys() {}

  static String prefix(String job) {
    return "_jobs/" + job + "/";
  }

  static String paused(String job) {
    return prefix(job) + "paused";
  }

  static String wanted(String job, int shard) {
    return prefix(job) + "wanted/" + shard;
  }

  static String cursor(String job, int shard) {
    return prefix(job) + "cursor/" + shard;
  }

  static String history(String job) {
    return prefix(job) + "history/";
  }

  static String history(String job, int shard) {
    return history(job) + shard + "/";
  }

  /** In the order of starts. */
  static String record(String job, int shard, Instant started, long token) {
    return history(job, shard) + String.format(Locale.ROOT, "%015d-%d", started.toEpochMilli(), token);
  }

  static String json(JobRecord r) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("job", r.job());
    map.put("period_ms", r.period().toEpochMilli());
    map.put("shard", r.shard());
    map.put("node", r.node());
    map.put("token", r.token());
    map.put("started_ms", r.started().toEpochMilli());
    map.put("ended_ms", r.ended() == null ? null : r.ended().toEpochMilli());
    map.put("outcome", r.outcome().name());
    map.put("message", oneLine(r.message()));
    return Json.compact(map);
  }

  /** Empty if it is not what we write. */
  static Optional<JobRecord> read(String text) {
    try {
      if (JsonReader.read(text) instanceof Map<?, ?> map && map.get("job") instanceof String job
          && map.get("node") instanceof String node
          && map.get("period_ms") instanceof Long period && map.get("shard") instanceof Long shard
              && map.get("token") instanceof Long token
          && map.get("started_ms") instanceof Long started && map.get("outcome") instanceof String outcome
          && map.get("message") instanceof String message) {
        Instant ended = map.get("ended_ms") instanceof Long ms ? Instant.ofEpochMilli(ms) : null;
        return Optional.of(new JobRecord(job, Instant.ofEpochMilli(period), shard.intValue(), node, token,
            Instant.ofEpochMilli(started),
            ended, JobRecord.Outcome.valueOf(outcome), message));
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static String oneLine(String text) {
    String line = text.replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?");
    return line.length() > MESSAGE_MAX ? line.substring(0, MESSAGE_MAX) + "..." : line;
  }
}
