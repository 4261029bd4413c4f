package org.example.load;

import io.weft.dcs.Dcs;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.WriteResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One key that counts up. Each write expects the one before it, so a number never comes back, whatever becomes of writes that nobody
 * knows the outcome of: after one of those the key is read before it is written again.
 */
final class Chain {

  private final String key;
  private final Dcs dcs;
  private final Record record;
  private final AtomicBoolean busy = new AtomicBoolean();
  // Of whoever is busy.
  private boolean known;
  private long number;
  private long revision;

  Chain(String key, Dcs dcs, Record record) {
    this.key = key;
    this.dcs = dcs;
    this.record = record;
  }

  /** The number that an entry holds; 0 if there is none. */
  static long number(Optional<Entry> entry) {
    return entry.map(e -> Long.parseLong(e.text())).orElse(0L);
  }

  /** The next write, unless the one before is still under way. */
  void next() {
    if (!busy.compareAndSet(false, true)) {
      return;
    }
    if (known) {
      write();
    } else {
      look();
    }
  }

  private void write() {
    long asked = System.nanoTime();
    long next = number + 1;
    dcs.put(key, Long.toString(next).getBytes(StandardCharsets.UTF_8), revision == 0 ? Expect.absent() : Expect.revision(revision), null)
        .whenComplete((result, failure) -> {
          known = result instanceof WriteResult.Done;
          if (result instanceof WriteResult.Done done) {
            record.wrote(key, next, asked);
            number = next;
            revision = done.revision();
          }
          busy.set(false);
        });
  }

  private void look() {
    long asked = System.nanoTime();
    dcs.get(key, ReadMode.LINEARIZABLE).whenComplete((entry, failure) -> {
      if (failure == null) {
        number = number(entry);
        revision = entry.map(Entry::revision).orElse(0L);
        known = true;
        record.read(key, number, asked);
      }
      busy.set(false);
    });
  }
}
