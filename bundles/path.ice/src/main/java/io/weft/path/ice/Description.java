package io.weft.path.ice;

import io.weft.path.NatKind;
import io.weft.path.ice.check.Credentials;
import io.weft.support.Json;
import io.weft.support.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What one side says of itself when an attempt begins: the data of an {@code auth} signal. Immutable.
 *
 * @param link the link that the path is for, drawn by whoever offers; offers for the same one move it to another path
 * @param answers the number of the offer that this answers; 0 for an offer
 * @param seen the latest number of the other side that the sender knew, so that offers that cross are told from new ones
 * @param nat how the NAT of the sender behaves, as far as it knows
 * @param site labels that say who may be reached by private addresses; empty if not said
 */
record Description(Credentials credentials, long link, long answers, long seen, String site, String natGroup, String area,
    NatKind nat) {

  private static final int VERSION = 1;
  private static final int LABEL_MAX = 64;
  private static final int LENGTH_MAX = 2_048;

  Description {
    site = label(site);
    natGroup = label(natGroup);
    area = label(area);
    if (link == 0 || answers < 0 || seen < 0) {
      throw new IllegalArgumentException("a number of the description is out of range");
    }
  }

  /** The number of another link; never 0. */
  static long drawLink(RandomGenerator random) {
    long link = random.nextLong();
    return link == 0 ? 1 : link;
  }

  /** The same, with what a node says of itself. */
  Description saying(Map<String, String> labels, NatKind kind) {
    return new Description(
        credentials, link, answers, seen, labels.getOrDefault("site", ""), labels.getOrDefault("nat_group", ""),
        labels.getOrDefault("area", ""), kind);
  }

  boolean isOffer() {
    return answers == 0;
  }

  private static String label(String text) {
    return text.length() > LABEL_MAX ? text.substring(0, LABEL_MAX) : text;
  }

  byte[] encode() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("v", VERSION);
    map.put("ufrag", credentials.ufrag());
    map.put("pwd", credentials.password());
    map.put("link", link);
    map.put("answers", answers);
    map.put("seen", seen);
    map.put("site", site);
    map.put("nat_group", natGroup);
    map.put("area", area);
    map.put("nat", nat.name());
    return Json.compact(map).getBytes(StandardCharsets.UTF_8);
  }

  /** @throws IllegalArgumentException if it is no description; later versions may have more keys */
  static Description decode(byte[] data) {
    if (data.length > LENGTH_MAX) {
      throw new IllegalArgumentException("a description has at most " + LENGTH_MAX + " bytes");
    }
    Map<?, ?> map = Notes.map(JsonReader.read(new String(data, StandardCharsets.UTF_8)));
    if (Notes.number(map, "v") != VERSION) {
      throw new IllegalArgumentException("a description of another version");
    }
    return new Description(
        new Credentials(Notes.text(map, "ufrag"), Notes.text(map, "pwd")), Notes.number(map, "link"), Notes.number(map, "answers"),
        Notes.number(map, "seen"), Notes.text(map, "site"), Notes.text(map, "nat_group"), Notes.text(map, "area"),
        NatKind.valueOf(Notes.text(map, "nat")));
  }
}
