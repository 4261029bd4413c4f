package io.weft.dcs.raft.member;

import io.weft.dcs.raft.state.Damaged;
import java.util.Optional;
import org.apache.ratis.protocol.exceptions.ChecksumException;

/** Tells a log that is damaged from one that cannot be read just now. */
final class Damage {

  private Damage() {}

  /** One line that says what is damaged; empty if nothing points to that. */
  static Optional<String> in(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof Damaged || each instanceof ChecksumException) {
        return Optional.of(oneLine(each));
      }
    }
    return Optional.empty();
  }

  static String root(Throwable failure) {
    Throwable each = failure;
    while (each.getCause() != null) {
      each = each.getCause();
    }
    return oneLine(each);
  }

  private static String oneLine(Throwable failure) {
    String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return text.lines().findFirst().orElse(text);
  }
}
