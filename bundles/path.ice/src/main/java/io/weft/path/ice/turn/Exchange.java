package io.weft.path.ice.turn;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.ice.turn.TurnClient.Tools;
import io.weft.support.stun.Credentials;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one relay and their answers: sends again what may have got lost, and takes care of nonces and credentials. New credentials
 * are used from half of the life of the old ones on; a relay that wants those that the allocation was made with (coturn does) keeps
 * getting them. On the loop.
 */
final class Exchange {

  private static final Duration FIRST_AGAIN = Duration.ofMillis(250);
  private static final Duration AGAIN = Duration.ofMillis(500);
  private static final Duration RENEW_AGAIN = Duration.ofMinutes(5);
  private static final int QUICK_TRIES = 3;
  private static final int TURNS_MAX = 5;
  private static final int PENDING_MAX = 256;

  /**
   * What came of a request.
   *
   * @param message null if nothing came
   * @param ownClock our clock then, in unix seconds
   */
  record Answer(@Nullable StunMessage message, long ownClock) {

    boolean isSuccess() {
      return message != null && message.kind() == Kind.success;
    }

    /** The number of the error; 0 if there is none. */
    int error() {
      return message == null ? 0 : message.errorCode();
    }

    Reason reason(RelayTarget target) {
      if (message == null) {
        return Reason.of("unreachable", "no answer from " + target);
      }
      String detail = error() + " " + message.errorText() + " from " + target;
      long theirs = message.number(Stun.RELAY_CLOCK);
      if (error() == 401 && theirs > 0) {
        return Reason.of("clock_skew", target + " refuses this node, since its clock is " + apart(theirs - ownClock) + " ours");
      }
      return Reason.of(error() == 401 ? "unauthorized" : "turn_refused", detail);
    }
  }

  private static String apart(long seconds) {
    String time = Duration.ofSeconds(Math.abs(seconds)).toString().substring(2).toLowerCase(Locale.ROOT);
    return time + (seconds > 0 ? " ahead of" : " behind");
  }

  private Answer answer(@Nullable StunMessage message) {
    return new Answer(message, tools.clock().now().getEpochSecond());
  }

  private final class Pending {

    private final int method;
    private final UnaryOperator<StunWriter> attributes;
    private final Consumer<Answer> done;
    private final long deadline;
    private Transaction transaction = new Transaction(0, 0);
    private byte[] bytes = {};
    private byte @Nullable [] key;
    private int turns;
    private int tries;
    private Registration timer = () -> {};

    Pending(int method, UnaryOperator<StunWriter> attributes, Duration patience, Consumer<Answer> done) {
      this.method = method;
      this.attributes = attributes;
      this.done = done;
      this.deadline = tools.clock().nanos() + patience.toNanos();
    }

    private void begin() {
      turns++;
      tries = 0;
      transaction = Transaction.draw(tools.random());
      StunWriter request = attributes.apply(StunWriter.of(Kind.request, method, transaction));
      key = null;
      if (realm != null && nonce != null) {
        Credentials with = credentials();
        key = with.key(realm);
        request.text(Stun.USERNAME, with.user()).text(Stun.REALM, realm).text(Stun.NONCE, nonce).integrity(key);
      }
      ByteBuf message = request.fingerprint().finish();
      bytes = new byte[message.readableBytes()];
      message.readBytes(bytes);
      pending.put(transaction, this);
      send();
    }

    private void send() {
      long left = deadline - tools.clock().nanos();
      if (left <= 0) {
        pending.remove(transaction);
        done.accept(answer(null));
        return;
      }
      if (tries == 0 || leg.isLossy()) {
        leg.send(Unpooled.wrappedBuffer(bytes));
      }
      tries++;
      Duration again = leg.isLossy() ? tries < QUICK_TRIES ? FIRST_AGAIN : AGAIN : Duration.ofNanos(left);
      timer = tools.timers().after(again.toNanos() < left ? again : Duration.ofNanos(left), tools.port().loop(), this::send);
    }

    private void answered(StunMessage message) {
      pending.remove(transaction);
      timer.close();
      if (message.kind() == Kind.error && turns < TURNS_MAX && mayAskAgain(message)) {
        begin();
      } else {
        done.accept(answer(message));
      }
    }

    /** Learns what the relay wants to see in the next request; false if nothing can be done about the error. */
    private boolean mayAskAgain(StunMessage error) {
      int code = error.errorCode();
      if (code == 438 || code == 401 && key == null) {
        realm = error.text(Stun.REALM) == null ? realm : error.text(Stun.REALM);
        nonce = error.text(Stun.NONCE);
        return realm != null && nonce != null;
      }
      if ((code == 441 || code == 401) && before != null) {
        // Those of before still count. If it was our clock that went wrong, it may be right again later.
        current = before;
        before = null;
        renewAt = code == 441 ? Long.MAX_VALUE : tools.clock().nanos() + RENEW_AGAIN.toNanos();
        return true;
      }
      return false;
    }
  }

  /** @param half when half of their life is over, on the monotonic clock */
  private record Used(Credentials credentials, Instant expires, long half) {}

  private final Tools tools;
  private final Leg leg;
  private final RelayTarget target;
  private final Map<Transaction, Pending> pending = new HashMap<>();
  private @Nullable String realm;
  private @Nullable String nonce;
  private @Nullable Used before;
  private volatile @Nullable Used current;
  private long renewAt = Long.MIN_VALUE;

  Exchange(Tools tools, Leg leg, RelayTarget target) {
    this.tools = tools;
    this.leg = leg;
    this.target = target;
  }

  private Credentials credentials() {
    long now = tools.clock().nanos();
    Used used = current;
    // By the monotonic clock: the other one may jump.
    if (used == null || now >= used.half && now >= renewAt) {
      Instant expires = tools.clock().now().plus(tools.credentialsLife());
      before = used;
      used = new Used(target.credentials().apply(expires), expires, now + tools.credentialsLife().toNanos() / 2);
      current = used;
    }
    return used.credentials;
  }

  /** When the credentials in use end. Any thread. */
  Instant expires() {
    Used used = current;
    return used == null ? Instant.EPOCH : used.expires;
  }

  /** Asks, and again as long as patience lasts; {@code done} gets one answer. */
  void ask(int method, UnaryOperator<StunWriter> attributes, Duration patience, Consumer<Answer> done) {
    if (pending.size() >= PENDING_MAX) {
      done.accept(answer(null));
    } else {
      new Pending(method, attributes, patience, done).begin();
    }
  }

  /** Takes an answer; false if it is to nobody's question here. */
  boolean received(StunMessage message) {
    Pending asked = pending.get(message.transaction());
    if (asked == null || asked.method != message.method()) {
      return false;
    }
    // Errors may come unsigned: that a request cannot be believed is one of them. Who could forge one could as well keep the answer back.
    boolean unsigned = message.kind() == Kind.error && !message.hasIntegrity();
    if (asked.key == null || unsigned || message.isAuthentic(asked.key)) {
      asked.answered(message);
    }
    return true;
  }

  /** A last word, whose answer nobody waits for. */
  void tell(int method, UnaryOperator<StunWriter> attributes) {
    if (realm != null && nonce != null) {
      Credentials with = credentials();
      leg.send(attributes.apply(StunWriter.of(Kind.request, method, Transaction.draw(tools.random())))
          .text(Stun.USERNAME, with.user()).text(Stun.REALM, realm).text(Stun.NONCE, nonce).integrity(with.key(realm)).fingerprint().finish());
    }
  }

  /** Forgets what was asked, without an answer to anybody. */
  void close() {
    List.copyOf(pending.values()).forEach(asked -> asked.timer.close());
    pending.clear();
  }
}
