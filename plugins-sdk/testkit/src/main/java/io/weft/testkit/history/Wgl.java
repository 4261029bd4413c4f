package io.weft.testkit.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a history is linearizable (Wing and Gong's search with Lowe's cache of visited states). Keys are independent, so
 * each is checked alone, which is what makes long histories feasible.
 */
public final class Wgl {

  /** A call or a return in the order of time; a call knows its return. */
  private static final class Event {
    final Operation operation;
    final int index;
    @Nullable Event matchingReturn;
    @Nullable Event previous;
    @Nullable Event next;

    Event(Operation operation, int index) {
      this.operation = operation;
      this.index = index;
    }

    boolean isCall() {
      return matchingReturn != null;
    }

    long at() {
      return isCall() ? operation.called() : operation.returned();
    }

    void unlink() {
      previous.next = next;
      if (next != null) {
        next.previous = previous;
      }
    }

    void relink() {
      previous.next = this;
      if (next != null) {
        next.previous = this;
      }
    }
  }

  private record Seen(BitSet done, @Nullable Integer state) {}

  private record Choice(Event call, @Nullable Integer stateBefore) {}

  private Wgl() {}

  /** The first key whose history is not linearizable, or empty if all are. */
  public static Optional<String> firstViolation(Collection<Operation> history) {
    Map<String, List<Operation>> byKey = new TreeMap<>();
    for (Operation o : history) {
      boolean saysNothing = o.isUnknown() && o.kind() == Operation.Kind.GET;
      if (!saysNothing) {
        byKey.computeIfAbsent(o.key(), k -> new ArrayList<>()).add(o);
      }
    }
    return byKey.entrySet().stream().filter(e -> !isLinearizable(e.getValue())).map(Map.Entry::getKey).findFirst();
  }

  /** Whether operations on one key have an order that respects time and explains every answer. */
  static boolean isLinearizable(List<Operation> operations) {
    Event head = linked(operations);
    int required = (int) operations.stream().filter(o -> !o.isUnknown()).count();
    BitSet done = new BitSet(operations.size());
    Set<Seen> visited = new HashSet<>();
    Deque<Choice> choices = new ArrayDeque<>();
    Integer state = null;
    Event at = head.next;
    while (required > 0) {
      if (at != null && at.isCall()) {
        if (at.operation.isPossible(state)) {
          Integer after = at.operation.apply(state);
          done.set(at.index);
          if (visited.add(new Seen((BitSet) done.clone(), after))) {
            choices.push(new Choice(at, state));
            state = after;
            required -= at.operation.isUnknown() ? 0 : 1;
            at.unlink();
            at.matchingReturn.unlink();
            at = head.next;
            continue;
          }
          done.clear(at.index);
        }
        at = at.next;
      } else {
        // A return before its call was placed, or the end: the last choice was wrong.
        if (choices.isEmpty()) {
          return false;
        }
        Choice last = choices.pop();
        state = last.stateBefore;
        done.clear(last.call.index);
        required += last.call.operation.isUnknown() ? 0 : 1;
        last.call.matchingReturn.relink();
        last.call.relink();
        at = last.call.next;
      }
    }
    return true;
  }

  private static Event linked(List<Operation> operations) {
    List<Event> events = new ArrayList<>(2 * operations.size());
    for (int i = 0; i < operations.size(); i++) {
      Event call = new Event(operations.get(i), i);
      call.matchingReturn = new Event(operations.get(i), i);
      events.add(call);
      events.add(call.matchingReturn);
    }
    // At one instant calls come first: such operations overlap.
    events.sort(Comparator.comparingLong(Event::at).thenComparing(e -> e.isCall() ? 0 : 1));
    Event head = new Event(Operation.get("", null, 0, 0), -1);
    Event last = head;
    for (Event e : events) {
      last.next = e;
      e.previous = last;
      last = e;
    }
    return head;
  }
}
