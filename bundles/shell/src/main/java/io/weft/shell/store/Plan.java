package io.weft.shell.store;

import io.weft.dcs.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has to be written so that a store holds what is wanted, and nothing else that stays. Made anew from what is there, it goes
 * on where an earlier one was left.
 *
 * @param create keys that are not there
 * @param change keys with another value
 * @param delete keys that are not wanted
 * @param same how many are as wanted
 * @param held wanted keys that are there and go with a session: whoever holds it has them
 */
public record Plan(List<String> create, List<String> change, List<String> delete, int same, List<String> held, List<Step> steps) {

  static Plan of(Map<String, byte[]> wanted, Contents there) {
    List<String> create = new ArrayList<>();
    List<String> change = new ArrayList<>();
    List<String> delete = new ArrayList<>();
    List<String> held = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    Set<String> ofSessions = new HashSet<>(there.held().stream().map(Entry::key).toList());
    int same = 0;
    for (Map.Entry<String, byte[]> entry : wanted.entrySet()) {
      String key = entry.getKey();
      Entry now = there.lasting().get(key);
      if (ofSessions.contains(key)) {
        held.add(key);
      } else if (now == null) {
        create.add(key);
        steps.add(new Step.Create(key, entry.getValue()));
      } else if (Arrays.equals(now.value(), entry.getValue())) {
        same++;
      } else {
        change.add(key);
        steps.add(new Step.Change(key, entry.getValue(), now.revision()));
      }
    }
    for (Entry entry : there.lasting().values()) {
      if (!wanted.containsKey(entry.key())) {
        delete.add(entry.key());
        steps.add(new Step.Delete(entry.key(), entry.revision()));
      }
    }
    return new Plan(create, change, delete, same, held, steps);
  }

  public Plan {
    create = List.copyOf(create);
    change = List.copyOf(change);
    delete = List.copyOf(delete);
    held = List.copyOf(held);
    steps = List.copyOf(steps);
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return steps.isEmpty();
  }
}
