package io.weft.signaling.client;

import io.weft.node.Clock;
import io.weft.node.NodeIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.signaling.Broker;
import io.weft.signaling.SignalNotSent;
import io.weft.support.Backoff;
import io.weft.support.JsonReader;
import io.weft.support.signal.Counters;
import io.weft.support.signal.Envelope;
import io.weft.support.signal.EnvelopeJson;
import io.weft.support.signal.RequestProof;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One broker: asks it for what came, leaves what goes, and knows how it is doing. On the loop, but for {@link #state}. */
final class BrokerClient implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BrokerClient.class);
  private static final int LANES = 4;
  private static final Duration POLL_MOST = Duration.ofSeconds(35);
  private static final Duration ANSWER_MOST = Duration.ofSeconds(5);

  /** Of a connection that was kept: it may lead nowhere any more, and a new one tells sooner. */
  private static final Duration KEPT_ANSWER_MOST = Duration.ofSeconds(3);

  private static final int TRIES = 3;

  /** So long a connection that was replaced is kept for what is on its way. */
  private static final Duration LEFT_MOST = Duration.ofSeconds(5);

  private static final Duration RENEW_LEAST = Duration.ofSeconds(1);
  private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
  private static final Duration RETRY_MOST = Duration.ofSeconds(30);

  /** An empty answer before this time is not what a poll is for; whoever gives those is not asked again at once. */
  private static final Duration HASTY = Duration.ofSeconds(5);

  /** What is asked of all brokers the same way. */
  record Tools(NodeIdentity identity, Clock clock, Timers timers, Counters counters, SecureRandom random) {}

  private final HttpLane.Way way;
  private final Tools tools;
  private final BiConsumer<String, List<Envelope>> arrived;
  private HttpLane polls;
  private final PublishLane[] lanes = new PublishLane[LANES];
  private final Backoff backoff;
  private Registration timer = () -> {};
  private boolean polling;
  private long renewed;
  private volatile boolean closed;
  private volatile Broker state;

  /** @param arrived gets the URL and what a poll brought, on the loop */
  BrokerClient(HttpLane.Way way, Tools tools, BiConsumer<String, List<Envelope>> arrived) {
    this.way = way;
    this.tools = tools;
    this.arrived = arrived;
    this.polls = new HttpLane(way);
    this.renewed = tools.clock().nanos() - RENEW_LEAST.toNanos();
    this.backoff = new Backoff(RETRY_FIRST, RETRY_MOST, tools.random());
    this.state = new Broker(url(), false, null, null);
    for (int i = 0; i < LANES; i++) {
      lanes[i] = new PublishLane(this, new HttpLane(way));
    }
  }

  String url() {
    return way.url().toString();
  }

  Tools tools() {
    return tools;
  }

  HttpLane.Way way() {
    return way;
  }

  /** Any thread. */
  Broker state() {
    return state;
  }

  /** Whether the last exchange failed. One that was not tried yet is not down. Any thread. */
  boolean isDown() {
    return state.problem() != null;
  }

  /** Begins to ask for signals, until it is closed. */
  void poll() {
    if (!polling && !closed) {
      polling = true;
      pollNow();
    }
  }

  /** Connections to the broker may lead nowhere any more. */
  void renew() {
    long now = tools.clock().nanos();
    if (closed || now - renewed < RENEW_LEAST.toNanos()) {
      return;
    }
    renewed = now;
    tools.counters().add("connections_renewed");
    for (PublishLane lane : lanes) {
      lane.renew();
    }
    polls.leave(LEFT_MOST); // What is on its way on it is still taken.
    polls = new HttpLane(way);
    timer.close();
    if (polling) {
      pollNow();
    }
  }

  private void pollNow() {
    HttpLane lane = polls;
    long asked = tools.clock().nanos();
    boolean waits = state.up(); // else it would only be known after the wait that the broker is well again
    ask(lane, "GET", waits ? waitingPoll() : quickPoll(), new byte[0], POLL_MOST).whenComplete((reply, problem) -> {
      if (closed) {
        return;
      }
      boolean found = problem == null && reply.status() == 200;
      boolean hasty = waits && tools.clock().nanos() - asked < HASTY.toNanos();
      boolean any = found && deliver(reply.body());
      if (lane != polls) {
        lane.close(); // there is another one by now, on which it goes on
      } else if (found && (any || !hasty)) {
        pollNow();
      } else {
        pollLater(found ? RETRY_FIRST : backoff.next());
      }
    });
  }

  private void pollLater(Duration delay) {
    timer = tools.timers().after(delay, way.loop(), this::pollNow);
  }

  /** Returns whether there was anything. */
  private boolean deliver(byte[] body) {
    try {
      List<Envelope> envelopes = EnvelopeJson.readList(body);
      if (!envelopes.isEmpty()) {
        arrived.accept(url(), envelopes);
      }
      return !envelopes.isEmpty();
    } catch (IllegalArgumentException malformed) {
      tools.counters().add("answers_malformed");
      down(Reason.of("refused", "what it answers is no list of messages"));
      return false;
    }
  }

  /**
   * Leaves an envelope there; fails with {@link SignalNotSent}. Those for one recipient keep their order. Gives up when {@code needed}
   * has failed.
   */
  CompletableFuture<Void> publish(Envelope envelope, CompletableFuture<?> needed) {
    return lanes[Math.floorMod(envelope.to().hashCode(), LANES)].publish(envelope, needed);
  }

  /** Asks without waiting for messages; those that are there are taken. Says how the broker is doing now. */
  CompletableFuture<Broker> probe() {
    HttpLane lane = new HttpLane(way);
    return ask(lane, "GET", quickPoll(), new byte[0], ANSWER_MOST).handle((reply, problem) -> {
      lane.close();
      if (problem == null && reply.status() == 200) {
        deliver(reply.body());
      }
      return state;
    });
  }

  private String waitingPoll() {
    return "/poll?peer=" + tools.identity().self().name();
  }

  private String quickPoll() {
    return waitingPoll() + "&wait=0";
  }

  /** Signs and asks; again if the connection turned out to be gone. Keeps the state. */
  CompletableFuture<HttpLane.Reply> ask(HttpLane lane, String method, String target, byte[] body, Duration most) {
    CompletableFuture<HttpLane.Reply> answered = new CompletableFuture<>();
    Duration keptMost = most.equals(POLL_MOST) ? most : KEPT_ANSWER_MOST;
    ask(lane, () -> signed(method, target, body), most, keptMost, TRIES, answered);
    return answered;
  }

  private void ask(HttpLane lane, Supplier<HttpLane.Ask> request, Duration most, Duration keptMost, int tries,
      CompletableFuture<HttpLane.Reply> answered) {
    lane.ask(request, most, keptMost).whenComplete((reply, problem) -> {
      if (lane.isLeft() && problem != null) {
        answered.completeExceptionally(problem); // Which says nothing about the broker.
      } else if (problem instanceof HttpLane.Stale && !closed && tries > 1) {
        if (lane != polls) {
          renew(); // The poll is most likely no better off, and would not notice before its time is up.
        }
        ask(lane, request, most, keptMost, tries - 1, answered);
      } else {
        note(answered, reply, problem);
      }
    });
  }

  private HttpLane.Ask signed(String method, String target, byte[] body) {
    byte[] nonce = new byte[Envelope.NONCE];
    tools.random().nextBytes(nonce);
    RequestProof proof = RequestProof.sign(tools.identity(),
        new RequestProof.Request(method, way.url().host().toString(), target, body), tools.clock().now().toEpochMilli(), nonce);
    return new HttpLane.Ask(method, target, proof.header(), body);
  }

  private void note(CompletableFuture<HttpLane.Reply> answered, HttpLane.@Nullable Reply reply, @Nullable Throwable problem) {
    if (problem != null) {
      String why = problem.getMessage() == null ? problem.toString() : problem.getMessage();
      down(Reason.of("unreachable", printable(why)));
      answered.completeExceptionally(problem);
    } else if (reply != null) {
      skew(reply.date());
      Reason refusal = refusal(reply);
      if (refusal == null) {
        up();
      } else if (reply.status() == 401 || reply.status() == 421 || reply.status() >= 500) {
        down(refusal);
      }
      answered.complete(reply);
    }
  }

  /** Why the broker did not serve; null if it did. */
  static @Nullable Reason refusal(HttpLane.Reply reply) {
    if (reply.status() == 200 || reply.status() == 204) {
      return null;
    }
    String code = "";
    String message = "it answers with status " + reply.status();
    try {
      if (JsonReader.read(new String(reply.body(), StandardCharsets.UTF_8)) instanceof Map<?, ?> map) {
        code = String.valueOf(map.get("error"));
        message = map.get("message") instanceof String text ? printable(text) : message;
      }
    } catch (IllegalArgumentException notOurs) {
      message = message + " and no reason, so it may not be a broker";
    }
    return Reason.of(code.equals("clock_skew") ? "clock_skew" : "refused", message);
  }

  private static String printable(String text) {
    String cut = text.length() > 200 ? text.substring(0, 200) : text;
    StringBuilder out = new StringBuilder();
    cut.chars().forEach(c -> out.append(c < 0x20 || c > 0x7e ? '?' : (char) c));
    return out.toString();
  }

  private void up() {
    backoff.reset();
    if (!state.up()) {
      log.info("broker up url={}", url());
    }
    state = new Broker(url(), true, null, state.clockSkew());
  }

  private void down(Reason why) {
    Reason before = state.problem();
    if (state.up() || before == null || !before.code().equals(why.code())) {
      log.warn("broker down url={} reason={}", url(), why);
    }
    state = new Broker(url(), false, why, state.clockSkew());
  }

  /** The header has whole seconds, so what is within one and a half of ours may be the same. */
  private void skew(String date) {
    try {
      Instant theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant().plusMillis(500);
      Duration skew = Duration.between(tools.clock().now(), theirs);
      Broker now = state;
      state = new Broker(now.url(), now.up(), now.problem(), skew.abs().toMillis() <= 1_500 ? Duration.ZERO : skew);
    } catch (DateTimeParseException | ArithmeticException noDate) {
      tools.counters().add("answers_without_date");
    }
  }

  @Override
  public void close() {
    closed = true;
    timer.close();
    polls.close();
    for (PublishLane lane : lanes) {
      lane.close();
    }
  }
}
