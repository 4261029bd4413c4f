package io.weft.testkit.history;

import static io.weft.testkit.history.Operation.NEVER;
import static io.weft.testkit.history.Operation.cas;
import static io.weft.testkit.history.Operation.get;
import static io.weft.testkit.history.Operation.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WglTest {

  @Test
  void acceptsOverlappingOperationsInEitherOrder() {
    assertThat(Wgl.firstViolation(List.of(put("k", 1, 0, 10), get("k", null, 5, 6), get("k", 1, 7, 8)))).isEmpty();
  }

  @Test
  void refusesAStaleRead() {
    assertThat(Wgl.firstViolation(List.of(put("k", 1, 0, 1), put("k", 2, 2, 3), get("k", 1, 4, 5)))).contains("k");
  }

  @Test
  void refusesAReadThatGoesBack() {
    assertThat(Wgl.firstViolation(List.of(put("k", 1, 0, 10), get("k", 1, 1, 2), get("k", null, 3, 4)))).contains("k");
  }

  @Test
  void anUnknownWriteMayHappenLateOrNever() {
    assertThat(Wgl.firstViolation(List.of(put("k", 1, 0, NEVER), get("k", null, 5, 6), get("k", 1, 7, 8)))).isEmpty();
    assertThat(Wgl.firstViolation(List.of(put("k", 1, 0, NEVER), get("k", null, 5, 6)))).isEmpty();
  }

  @Test
  void twoWinnersOfOneCompareAndSetAreImpossible() {
    assertThat(Wgl.firstViolation(List.of(cas("k", null, 1, true, 0, 10), cas("k", null, 2, true, 0, 10)))).contains("k");
    assertThat(Wgl.firstViolation(List.of(cas("k", null, 1, true, 0, 10), cas("k", null, 2, false, 0, 10)))).isEmpty();
  }

  @Test
  void agreesWithTryingEveryOrder() {
    Random random = new Random(1);
    int violations = 0;
    for (int i = 0; i < 5_000; i++) {
      List<Operation> history = new ArrayList<>(generate(random, 3, 7, 1, 0.2));
      if (random.nextBoolean()) {
        int at = random.nextInt(history.size());
        Operation o = history.get(at);
        history.set(at, new Operation(o.kind(), o.key(), o.from(), o.to(), random.nextInt(5), !o.ok(), o.called(), o.returned()));
      }
      boolean expected = someOrderExplains(history, null, (1 << history.size()) - 1);
      assertThat(Wgl.isLinearizable(history)).as("history %s", history).isEqualTo(expected);
      violations += expected ? 0 : 1;
    }
    assertThat(violations).as("histories that were not linearizable").isGreaterThan(500);
  }

  @Test
  void findsOneWrongReadInALongHistory() {
    List<Operation> history = new ArrayList<>(generate(new Random(2), 5, 10_000, 10, 0.01));
    assertThat(Wgl.firstViolation(history)).isEmpty();
    int at = history.size() / 2;
    while (history.get(at).kind() != Operation.Kind.GET || history.get(at).isUnknown()) {
      at++;
    }
    Operation o = history.get(at);
    history.set(at, get(o.key(), 77, o.called(), o.returned()));
    assertThat(Wgl.firstViolation(history)).contains(o.key());
  }

  private record Plan(Operation.Kind kind, String key, int a, int b, long called, long effect, long returned) {}

  /** What clients of a real register would see: each operation takes effect at a random moment between call and return. */
  private static List<Operation> generate(Random random, int clients, int count, int keys, double unknown) {
    long[] freeAt = new long[clients];
    List<Plan> plans = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int client = random.nextInt(clients);
      long called = freeAt[client] + 1 + random.nextInt(20);
      long returned = called + 1 + random.nextInt(200);
      long effect = called + random.nextInt((int) (returned - called));
      freeAt[client] = returned + 1;
      Operation.Kind kind = Operation.Kind.values()[random.nextInt(3)];
      plans.add(new Plan(kind, "k" + random.nextInt(keys), random.nextInt(5), random.nextInt(5), called, effect, returned));
    }
    plans.sort(Comparator.comparingLong(Plan::effect));
    Map<String, Integer> register = new HashMap<>();
    return plans.stream().map(p -> execute(p, register, random.nextDouble() < unknown, random.nextBoolean())).toList();
  }

  private static Operation execute(Plan p, Map<String, Integer> register, boolean lost, boolean appliedAnyway) {
    boolean applied = !lost || appliedAnyway;
    long returned = lost ? NEVER : p.returned;
    Integer now = register.get(p.key);
    return switch (p.kind) {
      case GET -> get(p.key, now, p.called, returned);
      case PUT -> {
        if (applied) {
          register.put(p.key, p.a);
        }
        yield put(p.key, p.a, p.called, returned);
      }
      case CAS -> {
        boolean hit = Objects.equals(now, p.a);
        if (hit && applied) {
          register.put(p.key, p.b);
        }
        yield cas(p.key, p.a, p.b, hit, p.called, returned);
      }
    };
  }

  private static boolean someOrderExplains(List<Operation> all, Integer state, int left) {
    boolean complete = true;
    for (int i = 0; i < all.size(); i++) {
      if ((left >> i & 1) == 0) {
        continue;
      }
      Operation o = all.get(i);
      complete &= o.isUnknown();
      if (mayBeNext(all, left, o) && o.isPossible(state) && someOrderExplains(all, o.apply(state), left & ~(1 << i))) {
        return true;
      }
    }
    return complete;
  }

  private static boolean mayBeNext(List<Operation> all, int left, Operation o) {
    for (int j = 0; j < all.size(); j++) {
      if ((left >> j & 1) == 1 && all.get(j).returned() < o.called()) {
        return false;
      }
    }
    return true;
  }
}
