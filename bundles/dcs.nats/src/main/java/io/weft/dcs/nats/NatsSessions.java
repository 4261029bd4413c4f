package io.weft.dcs.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.node.Clock;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.Causes;
import io.weft.support.Json;
import io.weft.support.JsonReader;
import io.weft.support.dcs.RenewedSession;
import io.weft.support.dcs.RenewedSession.Renewal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions, which NATS does not have. A session is a message that its holder writes anew again and again. Each client reads these
 * messages; whoever sees one stand still for its TTL, by its own monotonic clock, marks the session as gone, and deletes its
 * keys. Where the server can let messages expire (2.11), it does so after twice the TTL, should no client be left.
 */
final class NatsSessions implements RenewedSession.Lifeline, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(NatsSessions.class);
  private static final Duration INTERVAL = Duration.ofMillis(300);
  private static final Duration OTHERS_DO_IT = Duration.ofSeconds(2);
  private static final int ORPHANS_EVERY = 60;
  private static final Duration MARKER_KEPT = Duration.ofHours(1);

  private record Seen(long sequence, long ttlNanos, long since) {}

  private final NatsWork work;
  private final NatsKeys keys;
  private final NatsSubjects subjects;
  private final Clock clock;
  private final Timers timers;
  private final Map<String, Long> mine = new ConcurrentHashMap<>();
  // One sweep at a time touches these.
  private final Map<String, Seen> seen = new HashMap<>();
  private final Map<String, Long> ended = new HashMap<>();
  private long told;
  private int sweeps;
  private volatile boolean closed;
  private volatile Registration timer = () -> {};

  NatsSessions(NatsWork work, NatsKeys keys, NatsSubjects subjects, Clock clock, Timers timers) {
    this.work = work;
    this.keys = keys;
    this.subjects = subjects;
    this.clock = clock;
    this.timers = timers;
    next();
  }

  CompletableFuture<String> open(String name, Duration ttl) {
    String id = UUID.randomUUID().toString().replace("-", "");
    return work.run(() -> {
      long sequence = keys.replace(subjects.session(id), body(name, ttl), 0, ttl.multipliedBy(2)).orElseThrow(
          () -> new IOException("a session id was drawn twice"));
      mine.put(id, sequence);
      return id;
    });
  }

  @Override
  public CompletionStage<Renewal> renew(RenewedSession session) {
    return work.run(() -> renewNow(session));
  }

  /** A renewal of which nobody heard may have changed the sequence; only the holder writes it, so what is there is taken on. */
  private Renewal renewNow(RenewedSession session) throws IOException, JetStreamApiException {
    String subject = subjects.session(session.id());
    byte[] body = body(session.name(), session.ttl());
    Duration expiry = session.ttl().multipliedBy(2);
    Optional<Long> sequence = keys.replace(subject, body, mine.getOrDefault(session.id(), 0L), expiry);
    if (sequence.isEmpty()) {
      MessageInfo there = keys.last(subject);
      if (there == null || NatsKeys.isMarker(there)) {
        mine.remove(session.id());
        return Renewal.GONE;
      }
      sequence = keys.replace(subject, body, there.getSeq(), expiry);
    }
    if (sequence.isEmpty()) {
      throw new IOException("the session was changed meanwhile");
    }
    mine.put(session.id(), sequence.get());
    return Renewal.RENEWED;
  }

  @Override
  public CompletionStage<?> end(RenewedSession session) {
    return work.run(() -> {
      mine.remove(session.id());
      keys.erase(subjects.session(session.id()), -1, MARKER_KEPT);
      deleteKeysOf(Set.of(session.id()));
      return true;
    });
  }

  private void next() {
    long jitter = ThreadLocalRandom.current().nextLong(INTERVAL.toNanos() / 5);
    timer = timers.after(INTERVAL.plusNanos(jitter), Runnable::run, this::sweep);
  }

  private void sweep() {
    if (closed) {
      return;
    }
    work.run(this::sweepNow).whenComplete((done, failure) -> {
      if (failure != null) {
        log.debug("sessions not looked at problem=\"{}\"", Causes.of(failure).toString());
      }
      if (!closed) {
        next();
      }
    });
  }

  private boolean sweepNow() throws IOException, JetStreamApiException {
    for (MessageInfo m = keys.next(told + 1, subjects.allSessions()); m != null; m = keys.next(told + 1,
        subjects.allSessions())) {
      told = m.getSeq();
      String id = subjects.sessionId(m.getSubject());
      if (NatsKeys.isMarker(m)) {
        seen.remove(id);
        ended.put(id, clock.nanos() + OTHERS_DO_IT.toNanos());
      } else {
        seen.put(id, new Seen(m.getSeq(), ttlNanos(m.getData()), clock.nanos()));
      }
    }
    long now = clock.nanos();
    for (Map.Entry<String, Seen> session : Map.copyOf(seen).entrySet()) {
      if (now - session.getValue().since >= session.getValue().ttlNanos) {
        expire(session.getKey(), session.getValue());
      }
    }
    Set<String> due = new HashSet<>();
    ended.forEach((id, when) -> {
      if (now - when >= 0) {
        due.add(id);
      }
    });
    if (!due.isEmpty()) {
      deleteKeysOf(due);
      ended.keySet().removeAll(due);
    }
    if (sweeps++ % ORPHANS_EVERY == 0) {
      deleteOrphans();
    }
    return true;
  }

  private void expire(String id, Seen last) throws IOException, JetStreamApiException {
    boolean marked = keys.erase(subjects.session(id), last.sequence, MARKER_KEPT).isPresent();
    if (marked || !keys.isThere(subjects.session(id))) {
      log.debug("session swept session={}", id);
      seen.remove(id);
      deleteKeysOf(Set.of(id));
    }
  }

  private void deleteKeysOf(Set<String> sessions) throws IOException, JetStreamApiException {
    for (Entry entry : keys.list("").entries()) {
      if (entry.session().filter(sessions::contains).isPresent()) {
        keys.delete(entry.key(), Expect.revision(entry.revision()));
      }
    }
  }

  /** Keys whose session ended while its sweeper died, or between the look at the session and the write. */
  private void deleteOrphans() throws IOException, JetStreamApiException {
    Set<String> gone = new HashSet<>();
    for (Entry entry : keys.list("").entries()) {
      String session = entry.session().orElse("");
      if (!session.isEmpty() && !gone.contains(session) && !keys.isThere(subjects.session(session))) {
        gone.add(session);
      }
    }
    if (!gone.isEmpty()) {
      deleteKeysOf(gone);
    }
  }

  private static byte[] body(String name, Duration ttl) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("ttl_ms", ttl.toMillis());
    return Json.compact(body).getBytes(StandardCharsets.UTF_8);
  }

  /** What cannot be read lives long, rather than short. */
  private static long ttlNanos(byte[] data) {
    try {
      if (JsonReader.read(new String(data, StandardCharsets.UTF_8)) instanceof Map<?, ?> map
          && map.get("ttl_ms") instanceof Long ms) {
        return Duration.ofMillis(ms).toNanos();
      }
    } catch (IllegalArgumentException e) {
      log.debug("session unreadable problem=\"{}\"", e.getMessage());
    }
    return Duration.ofHours(1).toNanos();
  }

  @Override
  public void close() {
    closed = true;
    timer.close();
  }
}
