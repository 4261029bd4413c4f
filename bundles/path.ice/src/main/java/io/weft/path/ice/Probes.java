package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.path.CandidateKind;
import io.weft.path.ice.check.Credentials;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Checks of our own with the credentials of one attempt (RFC 8445, section 7; RFC 7675): those through relays, and those that keep a path
 * that is in use. A check is one packet; what is not answered is asked anew. On the loop of its session only.
 */
final class Probes implements StunDesk.Asker {

  private static final int OUTSTANDING_MAX = 256;
  private static final int ICE_CONTROLLED = 0x8029;
  private static final int ICE_CONTROLLING = 0x802a;

  /** What comes back. */
  interface Answers {

    /** @param mapped the address at which the peer sees us; null if it did not say */
    void answered(Pair pair, InetSocketAddress mapped, long took);
  }

  private record Question(Pair pair, long asked) {}

  private final Core core;
  private final Credentials local;
  private final Credentials remote;
  private final boolean controlling;
  private final Answers answers;
  private final byte[] localKey;
  private final byte[] remoteKey;
  private final byte[] tieBreaker = new byte[8];
  private final Map<Transaction, Question> questions =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Transaction, Question> eldest) {
          return size() > OUTSTANDING_MAX;
        }
      };

  Probes(Core core, Credentials local, Credentials remote, boolean controlling, Answers answers) {
    this.core = core;
    this.local = local;
    this.remote = remote;
    this.controlling = controlling;
    this.answers = answers;
    this.localKey = local.password().getBytes(StandardCharsets.US_ASCII);
    this.remoteKey = remote.password().getBytes(StandardCharsets.US_ASCII);
    core.random().nextBytes(tieBreaker);
  }

  /** @param using whether what the peer gets from us comes this way */
  void check(Pair pair, boolean using) {
    Transaction transaction = Transaction.draw(core.random());
    StunWriter writer =
        StunWriter.of(Kind.request, Stun.BINDING, transaction)
            .text(Stun.USERNAME, remote.ufrag() + ":" + local.ufrag())
            .number(Ice.PRIORITY, Ice.priority(CandidateKind.prflx, 0))
            .bytes(controlling ? ICE_CONTROLLING : ICE_CONTROLLED, tieBreaker)
            .bytes(Ice.PROBE, new byte[0]);
    if (using) {
      writer.bytes(Ice.USE_CANDIDATE, new byte[0]);
    }
    long now = core.clock().nanos();
    questions.put(transaction, new Question(pair, now));
    core.desk().expect(transaction, this);
    pair.checked(now);
    pair.wire.send(writer.integrity(remoteKey).fingerprint().finish(), pair.remote);
  }

  @Override
  public void answer(Wire on, StunMessage message, ByteBuf packet, InetSocketAddress from) {
    Question question = questions.remove(message.transaction());
    if (question == null) {
      return;
    }
    if (!message.isAuthentic(remoteKey) || !question.pair.is(on, from)) {
      core.counters().add(IceCounters.STUN_UNAUTHENTIC);
      return;
    }
    InetSocketAddress mapped = message.address(Stun.XOR_MAPPED_ADDRESS);
    if (message.kind() == Kind.success && mapped != null) {
      answers.answered(question.pair, mapped, core.clock().nanos() - question.asked);
    }
  }

  /** Whether the request is the peer's, of this attempt. */
  boolean isPeers(StunMessage request) {
    boolean proved = (local.ufrag() + ":" + remote.ufrag()).equals(request.text(Stun.USERNAME)) && request.isAuthentic(localKey);
    if (!proved) {
      core.counters().add(IceCounters.STUN_UNAUTHENTIC);
    }
    return proved;
  }

  /** Answers a request that was proved. */
  void respond(Wire on, StunMessage request, InetSocketAddress from) {
    StunWriter answer = StunWriter.success(request).address(Stun.XOR_MAPPED_ADDRESS, from);
    on.send(answer.integrity(localKey).fingerprint().finish(), from);
  }

  void close() {
    questions.clear();
    core.desk().forget(this);
  }

  /** Whether a request is a check of this kind rather than one of ice4j. */
  static boolean isProbe(StunMessage request) {
    return request.has(Ice.PROBE);
  }

}
