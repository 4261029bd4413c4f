package io.weft.signaling.server;

import io.weft.node.Clock;
import io.weft.support.signal.Envelope;
import io.weft.support.signal.Gate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** All mailboxes, within their bounds. On the broker's loop. */
final class Mailboxes {

  private final Limits limits;
  private final Clock clock;
  private final Map<String, Mailbox> boxes = new HashMap<>();
  private long bytes;

  Mailboxes(Limits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /** Thrown when there is no room. */
  static final class Full extends Exception {

    private static final long serialVersionUID = 1L;

    Full(String message) {
      super(message, null, false, false);
    }
  }

  Mailbox.Outcome publish(Envelope envelope, String json) throws Full {
    if (bytes + json.length() > limits.memoryBytes()) {
      throw new Full("the broker holds as many bytes as it may");
    }
    Mailbox box = box(envelope.to());
    long now = clock.nanos();
    return counted(box, () -> {
      box.expire(now);
      Mailbox.Outcome outcome = box.add(new Mailbox.Message(envelope, json, now + Gate.LIFETIME.toNanos()));
      box.deliver(now);
      return outcome;
    });
  }

  /**
   * Gives everything that waits, at once or as soon as something comes, to {@code poll}. An earlier poll of the same member ends.
   *
   * @return takes the poll back; does nothing after it was answered
   */
  Runnable poll(String member, Consumer<List<Mailbox.Message>> poll) throws Full {
    Mailbox box = box(member);
    counted(box, () -> {
      box.expire(clock.nanos());
      box.await(poll);
      box.deliver(clock.nanos());
      return true;
    });
    return () -> box.leave(poll);
  }

  /** Takes out what waits and leaves a poll that waits alone. */
  List<Mailbox.Message> drain(String member) {
    Mailbox box = boxes.get(member);
    return box == null ? List.of() : counted(box, () -> box.drain(clock.nanos()));
  }

  /** After an answer did not get through. */
  void putBack(String member, List<Mailbox.Message> messages) {
    Mailbox box = boxes.get(member);
    if (box != null) {
      counted(box, () -> {
        box.putBack(messages, clock.nanos());
        box.deliver(clock.nanos());
        return true;
      });
    }
  }

  private Mailbox box(String member) throws Full {
    Mailbox box = boxes.get(member);
    if (box == null) {
      if (boxes.size() >= limits.mailboxes()) {
        sweep();
      }
      if (boxes.size() >= limits.mailboxes()) {
        throw new Full("the broker has as many mailboxes as it may");
      }
      box = new Mailbox();
      boxes.put(member, box);
    }
    return box;
  }

  private <T> T counted(Mailbox box, Supplier<T> change) {
    int before = box.bytes();
    T result = change.get();
    bytes += box.bytes() - before;
    return result;
  }

  /** Forgets what is out of time. */
  void sweep() {
    long now = clock.nanos();
    for (Mailbox box : boxes.values()) {
      counted(box, () -> {
        box.expire(now);
        return true;
      });
    }
    boxes.values().removeIf(Mailbox::isIdle);
  }

  int size() {
    return boxes.size();
  }

  int messages() {
    return boxes.values().stream().mapToInt(Mailbox::size).sum();
  }

  long bytes() {
    return bytes;
  }
}
