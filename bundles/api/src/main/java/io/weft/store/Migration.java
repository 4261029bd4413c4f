package io.weft.store;

import java.util.List;
import java.util.Optional;

/**
 * One step of a schema.
 *
 * <p>Statements run with the schema as the only one on the search path, and <code>${schema}</code> in them is its name. They name
 * nothing with the schema spelled out, since the store also makes the schema under another name in order to compare it.
 *
 * @param number 1, 2, 3, ...
 * @param name what it does, for people: {@code [a-z0-9-]{1,60}}
 * @param up one or more statements; exactly one if not transactional, and one that can be run again after it was interrupted
 * @param down the way back, if there is one
 * @param transactional whether it runs in a transaction; false for what cannot, such as {@code CREATE INDEX CONCURRENTLY}. An
 *     invalid index that an interrupted one left behind is dropped before the next attempt.
 * @param before must find nothing, or the migration is not begun
 * @param beforeDown must find nothing, or the way back is not begun: what would be lost
 */
public record Migration(
    int number,
    String name,
    String up,
    Optional<String> down,
    boolean transactional,
    List<Obstacle> before,
    List<Obstacle> beforeDown) {

  /**
   * Something that is in the way of a migration if it is there.
   *
   * @param what it is, in the plural, for people: {@code accounts charged twice for one hour}
   * @param query one text column, which names what was found: one row each, at most 20 are read
   */
  public record Obstacle(String what, String query) {}

  public Migration {
    if (number < 1 || number > 9_999) {
      throw new IllegalArgumentException("a migration is numbered from 1 to 9999");
    }
    if (!name.matches("[a-z0-9-]{1,60}")) {
      throw new IllegalArgumentException("migration " + number + ": the name must be 1 to 60 of a-z, 0-9 and '-'");
    }
    before = List.copyOf(before);
    beforeDown = List.copyOf(beforeDown);
  }

  /** In a transaction, without checks and without a way back. */
  public static Migration of(int number, String name, String up) {
    return new Migration(number, name, up, Optional.empty(), true, List.of(), List.of());
  }

  /** With a way back, which is refused while one of these is found. */
  public Migration withDown(String down, Obstacle... beforeDown) {
    return new Migration(number, name, up, Optional.of(down), transactional, before, List.of(beforeDown));
  }

  /** Not begun while one of these is found. */
  public Migration withChecks(Obstacle... before) {
    return new Migration(number, name, up, down, transactional, List.of(before), beforeDown);
  }

  /** Outside of a transaction. */
  public Migration withoutTransaction() {
    return new Migration(number, name, up, down, false, before, beforeDown);
  }
}
