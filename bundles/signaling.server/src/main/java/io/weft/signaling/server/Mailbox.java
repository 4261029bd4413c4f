package io.weft.signaling.server;

import io.weft.signaling.SignalType;
import io.weft.support.signal.Envelope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What waits for one member, and the one poll of it. On the broker's loop. */
final class Mailbox {

  /** @param expires on the monotonic clock */
  record Message(Envelope envelope, String json, long expires) {}

  private record Latest(long attempt, long expires) {}

  private final ArrayDeque<Message> messages = new ArrayDeque<>();
  private final Map<String, Latest> attempts = new LinkedHashMap<>();
  private int bytes;
  private @Nullable Consumer<List<Message>> waiter;

  /** What became of a message. */
  enum Outcome { kept, repeated, stale_attempt }

  /** Adds a message; what is over a limit then is taken from whoever has most in here. */
  Outcome add(Message message) {
    Envelope envelope = message.envelope();
    long attempt = envelope.signal().attempt();
    Latest latest = attempts.get(envelope.from());
    if (latest != null && attempt < latest.attempt()) {
      return Outcome.stale_attempt;
    }
    if (messages.stream().anyMatch(m -> m.envelope().from().equals(envelope.from())
        && Arrays.equals(m.envelope().nonce(), envelope.nonce()))) {
      return Outcome.repeated;
    }
    remember(envelope.from(), new Latest(attempt, message.expires()));
    if (envelope.signal().type() == SignalType.auth) {
      purge(envelope.from());
    }
    put(message);
    return Outcome.kept;
  }

  private void remember(String sender, Latest latest) {
    attempts.remove(sender);
    attempts.put(sender, latest);
    if (attempts.size() > Limits.MAILBOX_SENDERS) {
      attempts.remove(attempts.keySet().iterator().next());
    }
  }

  private void purge(String sender) {
    for (Iterator<Message> all = messages.iterator(); all.hasNext();) {
      Message message = all.next();
      if (message.envelope().from().equals(sender)) {
        all.remove();
        bytes -= message.json().length();
      }
    }
  }

  private void put(Message message) {
    messages.add(message);
    bytes += message.json().length();
    while (messages.size() > Limits.MAILBOX_MESSAGES || bytes > Limits.MAILBOX_BYTES) {
      dropOne();
    }
  }

  /** The oldest of the sender that has most, so that nobody can push out others; its auth last, without which the rest is useless. */
  private void dropOne() {
    Map<String, Integer> counts = new HashMap<>();
    String most = "";
    for (Message message : messages) {
      String sender = message.envelope().from();
      int count = counts.merge(sender, 1, Integer::sum);
      if (count > counts.getOrDefault(most, 0)) {
        most = sender;
      }
    }
    Message victim = null;
    for (Message message : messages) {
      boolean better = victim == null
          || victim.envelope().signal().type() == SignalType.auth && message.envelope().signal().type() != SignalType.auth;
      if (message.envelope().from().equals(most) && better) {
        victim = message;
      }
    }
    if (victim != null) {
      messages.remove(victim);
      bytes -= victim.json().length();
    }
  }

  /** Takes everything out. */
  List<Message> drain(long now) {
    expire(now);
    List<Message> all = new ArrayList<>(messages);
    messages.clear();
    bytes = 0;
    return all;
  }

  /** Puts back what was taken out and could not be delivered, before what came since; what a newer attempt replaced stays away. */
  void putBack(List<Message> undelivered, long now) {
    List<Message> since = drain(now);
    for (Message message : undelivered) {
      Latest latest = attempts.get(message.envelope().from());
      if (message.expires() - now > 0 && (latest == null || message.envelope().signal().attempt() >= latest.attempt())) {
        put(message);
      }
    }
    since.forEach(this::put);
  }

  void expire(long now) {
    for (Iterator<Message> all = messages.iterator(); all.hasNext();) {
      Message message = all.next();
      if (message.expires() - now <= 0) {
        all.remove();
        bytes -= message.json().length();
      }
    }
    attempts.values().removeIf(latest -> latest.expires() - now <= 0);
  }

  /** The new poll replaces the old one, which ends empty-handed. */
  void await(Consumer<List<Message>> poll) {
    Consumer<List<Message>> before = waiter;
    waiter = poll;
    if (before != null) {
      before.accept(List.of());
    }
  }

  /** Forgets the poll if it still is the one that waits. */
  void leave(Consumer<List<Message>> poll) {
    if (waiter == poll) {
      waiter = null;
    }
  }

  /** Gives everything to the poll that waits, if there is one. */
  void deliver(long now) {
    Consumer<List<Message>> poll = waiter;
    if (poll != null && !messages.isEmpty()) {
      waiter = null;
      poll.accept(drain(now));
    }
  }

  int bytes() {
    return bytes;
  }

  int size() {
    return messages.size();
  }

  boolean isIdle() {
    return messages.isEmpty() && attempts.isEmpty() && waiter == null;
  }
}
