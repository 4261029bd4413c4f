package io.weft.forward;

import io.weft.channel.ChannelKind;
import io.weft.node.Succession.Estate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All that one version leaves and the next takes, entry by entry. An entry that is not configured any more is never asked for. Any thread. */
final class Legacy {

  private static final int FORMAT = 1;

  private final Map<String, Left> entries = new ConcurrentHashMap<>();
  private final List<LocalSpec> added = new ArrayList<>();

  private Legacy() {}

  static Legacy nothing() {
    return new Legacy();
  }

  /** What is in an estate; nothing if it is of a version that we do not know. */
  static Legacy of(Estate estate) {
    Legacy legacy = new Legacy();
    Map<String, Object> things = estate.things();
    if (!Integer.valueOf(FORMAT).equals(things.get("format"))) {
      estate.expired(); // it frees the addresses
      return legacy;
    }
    things.forEach((key, thing) -> {
      if (thing instanceof Map<?, ?> of) {
        Map<String, Object> copy = new HashMap<>();
        of.forEach((name, value) -> copy.put(String.valueOf(name), value));
        legacy.entries.put(key, new Left(copy));
      }
    });
    for (Object one : (List<?>) things.getOrDefault("added", List.of())) {
      List<?> words = (List<?>) one;
      legacy.added.add(LocalSpec.of((String) words.get(0), (String) words.get(1), ChannelKind.valueOf((String) words.get(2)),
          (String) words.get(3), 0, false));
    }
    return legacy;
  }

  /** The other way round. */
  static Map<String, Object> things(List<LocalForward> locals, List<Exposed> exposed) {
    Map<String, Object> things = new HashMap<>();
    things.put("format", FORMAT);
    List<List<String>> added = new ArrayList<>();
    for (LocalForward local : locals) {
      LocalSpec spec = local.spec();
      things.put(key(spec), local.leave().things());
      if (!spec.configured()) {
        added.add(List.of(spec.route().service(), spec.route().at(), spec.route().kind().name(), spec.text()));
      }
    }
    exposed.forEach(one -> things.put(key(one.spec()), one.leave().things()));
    things.put("added", added);
    return things;
  }

  private static String key(LocalSpec spec) {
    return String.join(" ", "forward", spec.route().kind().name(), spec.route().service(), spec.route().at(), spec.text());
  }

  private static String key(ExposeSpec spec) {
    return "expose " + (spec.service() == null ? "?" : spec.service().kind()) + " " + spec.name();
  }

  /** What there is for a forward; at most once. */
  Left take(LocalSpec spec) {
    return taken(key(spec));
  }

  /** What there is for a service; at most once. */
  Left take(ExposeSpec spec) {
    return taken(key(spec));
  }

  private Left taken(String key) {
    Left left = entries.remove(key);
    return left == null ? Left.NOTHING : left;
  }

  /** Forwards that somebody added to the running node. */
  List<LocalSpec> added() {
    return List.copyOf(added);
  }
}
