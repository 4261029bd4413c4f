package io.weft.signaling.server;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.weft.node.Clock;
import io.weft.node.PeerIdentity;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.signal.Counters;
import io.weft.support.signal.Envelope;
import io.weft.support.signal.EnvelopeJson;
import io.weft.support.signal.Gate;
import io.weft.support.signal.RateLimit;
import io.weft.support.signal.ReplayCache;
import io.weft.support.signal.RequestProof;
import io.weft.support.signal.Sealer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Answers requests: {@code POST /publish?to=NAME} and {@code GET /poll?peer=NAME} (with {@code &wait=0}
 * it does not wait), from members that prove who they are. On the
 * broker's loop.
 */
final class Desk {

  private static final int SENDERS_MAX = 4_096;
  private static final int NONCES_MAX = 512;
  private static final long SKEW_MILLIS = Gate.SKEW_MAX.toMillis();

  /** What the desk works with. */
  record Tools(Membership membership, Sealer sealer, HostNames hosts, Clock clock, Timers timers, Executor loop, Counters counters) {}

  /**
   * One request.
   *
   * @param target path and query
   */
  record Asked(String method, String target, String host, String authorization, byte[] body, InetAddress from) {}

  /** Why a request is not served. */
  private static final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;
    private final transient Answer answer;
    private final String code;

    Refusal(int status, String code, String message) {
      super(message, null, false, false);
      this.answer = Answer.refused(status, code, message);
      this.code = code;
    }

    Refusal(Answer answer, String code) {
      super(code, null, false, false);
      this.answer = answer;
      this.code = code;
    }
  }

  private final Tools tools;
  private final Mailboxes mailboxes;
  private final ReplayCache proofs = new ReplayCache(SENDERS_MAX, NONCES_MAX, 2 * SKEW_MILLIS);
  private final RateLimit networks;
  private final RateLimit senders;
  private final RateLimit everybody = new RateLimit(Limits.REQUESTS_PER_SECOND, 2 * Limits.REQUESTS_PER_SECOND);

  Desk(Limits limits, Tools tools) {
    this.tools = tools;
    this.mailboxes = new Mailboxes(limits, tools.clock());
    this.networks = new RateLimit(limits.networkPerSecond(), 4 * limits.networkPerSecond());
    this.senders = new RateLimit(limits.senderPerSecond(), 10 * limits.senderPerSecond());
  }

  /**
   * Answers once, now or, for a poll, later.
   *
   * @return takes a poll back; does nothing after the answer
   */
  Registration ask(Asked asked, Consumer<Answer> reply) {
    try {
      bound(asked.from());
      QueryStringDecoder query = new QueryStringDecoder(asked.target(), StandardCharsets.UTF_8, true, 4);
      return switch (query.rawPath()) {
        case "/publish" -> publish(asked, query.parameters(), reply);
        case "/poll" -> poll(asked, query.parameters(), reply);
        default -> throw new Refusal(404, "no_such_path", "there is /publish and /poll");
      };
    } catch (Refusal refusal) {
      tools.counters().add("requests_refused_" + refusal.code);
      reply.accept(refusal.answer);
    } catch (IllegalArgumentException malformed) { // from the decoder of the query
      tools.counters().add("requests_refused_malformed");
      reply.accept(Answer.refused(400, "malformed", "the query is malformed"));
    }
    return () -> {};
  }

  private void bound(InetAddress from) throws Refusal {
    long now = tools.clock().nanos();
    if (!networks.take(Networks.network(from), now)) {
      throw new Refusal(429, "rate_network", "too many requests from this network; wait a second");
    }
    if (!everybody.take("", now)) {
      throw new Refusal(429, "rate_broker", "too many requests; wait a second");
    }
  }

  private Registration publish(Asked asked, Map<String, List<String>> query, Consumer<Answer> reply) throws Refusal {
    if (!asked.method().equals("POST")) {
      throw new Refusal(Answer.wrongMethod("POST"), "method");
    }
    String to = only(query, "to");
    PeerIdentity sender = prove(asked);
    if (!senders.take(sender.name(), tools.clock().nanos())) {
      throw new Refusal(429, "rate_sender", "more messages than a member may leave per second; wait a second");
    }
    Envelope envelope = envelope(asked.body());
    if (!envelope.from().equals(sender.name())) {
      throw new Refusal(403, "not_the_sender", "the message is of another sender than the request");
    }
    if (!envelope.to().equals(to)) {
      throw new Refusal(400, "malformed", "the message is for another recipient than the request");
    }
    if (tools.membership().member(to).isEmpty()) {
      throw new Refusal(404, "unknown_peer", "there is no such member");
    }
    if (!tools.sealer().isGenuine(sender, envelope)) {
      throw new Refusal(403, "forged", "the signature of the message is not that of its sender");
    }
    keep(envelope);
    reply.accept(Answer.done());
    return () -> {};
  }

  private void keep(Envelope envelope) throws Refusal {
    long age = tools.clock().now().toEpochMilli() - envelope.time();
    if (age > Gate.LIFETIME.toMillis() + SKEW_MILLIS || age < -SKEW_MILLIS) {
      throw new Refusal(401, "clock_skew", "the message is from another time; set the clock");
    }
    try {
      Mailbox.Outcome outcome = mailboxes.publish(envelope, EnvelopeJson.write(envelope));
      tools.counters().add("messages_" + outcome);
    } catch (Mailboxes.Full full) {
      throw new Refusal(503, "full", full.getMessage());
    }
  }

  private Registration poll(Asked asked, Map<String, List<String>> query, Consumer<Answer> reply) throws Refusal {
    if (!asked.method().equals("GET")) {
      throw new Refusal(Answer.wrongMethod("GET"), "method");
    }
    boolean waits = !List.of("0").equals(query.get("wait"));
    if (!waits) {
      query = Map.of("peer", query.getOrDefault("peer", List.of()));
    }
    String peer = only(query, "peer");
    PeerIdentity member = prove(asked);
    if (!member.name().equals(peer)) {
      throw new Refusal(403, "not_the_owner", "a mailbox opens to its owner only");
    }
    Poll poll = new Poll(peer, reply);
    try {
      if (waits) {
        poll.start();
      } else {
        poll.answer(mailboxes.drain(peer));
      }
    } catch (Mailboxes.Full full) {
      throw new Refusal(503, "full", full.getMessage());
    }
    return poll::cancel;
  }

  /** A poll that waits for messages or for its time to be over, whichever comes first. */
  private final class Poll {

    private final String peer;
    private final Consumer<Answer> reply;
    private final Consumer<List<Mailbox.Message>> take = this::answer;
    private boolean over;
    private Runnable leave = () -> {};
    private Registration timer = () -> {};

    Poll(String peer, Consumer<Answer> reply) {
      this.peer = peer;
      this.reply = reply;
    }

    void start() throws Mailboxes.Full {
      leave = mailboxes.poll(peer, take);
      if (!over) {
        tools.counters().add("polls_waited");
        timer = tools.timers().after(Limits.POLL, tools.loop(), () -> answer(List.of()));
      }
    }

    private void answer(List<Mailbox.Message> messages) {
      if (over) {
        return;
      }
      cancel();
      String list = messages.stream().map(Mailbox.Message::json).collect(Collectors.joining(",", "[", "]"));
      reply.accept(Answer.found(list, () -> {
        tools.counters().add("polls_undelivered");
        mailboxes.putBack(peer, messages);
      }));
    }

    void cancel() {
      over = true;
      timer.close();
      leave.run();
    }
  }

  private PeerIdentity prove(Asked asked) throws Refusal {
    if (!tools.hosts().accepts(asked.host())) {
      throw new Refusal(421, "unknown_host",
          "this broker does not know that it is asked for under this host; list it there in signaling.server.hosts");
    }
    RequestProof proof = proof(asked.authorization());
    long now = tools.clock().now().toEpochMilli();
    if (Math.abs(now - proof.time()) > SKEW_MILLIS) {
      throw new Refusal(401, "clock_skew", "the clocks differ by more than " + SKEW_MILLIS / 1000 + " s; set them");
    }
    Optional<PeerIdentity> member = tools.membership().member(proof.name());
    RequestProof.Request request = new RequestProof.Request(asked.method(), asked.host(), asked.target(), asked.body());
    if (member.isEmpty() || !proof.isBy(member.get(), tools.membership().identity(), request)) {
      throw new Refusal(401, "unknown_member", "the request is not signed by a member of this fabric");
    }
    if (!proofs.admit(proof.name(), proof.nonce(), proof.time(), now)) {
      throw new Refusal(401, "repeated", "this request was made before");
    }
    return member.get();
  }

  private static RequestProof proof(String header) throws Refusal {
    try {
      return RequestProof.parse(header);
    } catch (IllegalArgumentException malformed) {
      throw new Refusal(401, "not_signed", malformed.getMessage());
    }
  }

  private static Envelope envelope(byte[] body) throws Refusal {
    try {
      return EnvelopeJson.read(body);
    } catch (IllegalArgumentException malformed) {
      throw new Refusal(400, "malformed", malformed.getMessage());
    }
  }

  private static String only(Map<String, List<String>> query, String key) throws Refusal {
    List<String> values = query.get(key);
    if (query.size() != 1 || values == null || values.size() != 1 || values.get(0).isEmpty()) {
      throw new Refusal(400, "malformed", "the query is not ?" + key + "=NAME");
    }
    return values.get(0);
  }

  Mailboxes mailboxes() {
    return mailboxes;
  }
}
