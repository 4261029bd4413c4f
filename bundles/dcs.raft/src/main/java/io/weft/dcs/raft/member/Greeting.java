package io.weft.dcs.raft.member;

import io.weft.dcs.raft.state.Decoder;
import io.weft.dcs.raft.state.Encoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node says of itself to another that asks.
 *
 * @param storage of that node; empty if it keeps nothing
 * @param founders who founded the store, as that node knows; empty if it knows of no store
 * @param members who votes, as that node knows; empty if it is no member
 * @param leader node that leads, as that node knows; empty if nobody does
 * @param leads whether that node leads, for sure
 * @param applied how far its log is applied
 * @param revision of its keys
 * @param configured the founders in its configuration
 * @param lineage of the store that it is a member of, or of the latest that it heard of
 */
record Greeting(String storage, List<String> founders, List<String> members, String leader, boolean leads, long applied,
    long revision, List<String> configured, Lineage lineage) {

  private static final int TEXT_MAX = 128;
  private static final int MEMBERS_MAX = 64;

  Greeting {
    founders = List.copyOf(founders);
    members = List.copyOf(members);
    configured = List.copyOf(configured);
  }

  boolean knowsStore() {
    return !founders.isEmpty() || !members.isEmpty();
  }

  /**
   * Who says that it leads. If two do: the one of the later lineage; of one lineage, one was put out and has not noticed, and it
   * is the one that others name.
   */
  static Optional<Map.Entry<String, Greeting>> leader(Map<String, Greeting> greetings) {
    return greetings.entrySet().stream().filter(e -> e.getValue().leads())
        .max(Comparator.comparing((Map.Entry<String, Greeting> e) -> e.getValue().lineage())
            .thenComparing(e -> greetings.values().stream().filter(g -> g.leader().equals(e.getKey())).count()));
  }

  byte[] encode() {
    Encoder out = new Encoder().text(storage);
    encode(out, founders);
    encode(out, members);
    out.text(leader).u8(leads ? 1 : 0).u64(applied).u64(revision);
    encode(out, configured);
    return out.text(lineage.toString()).done();
  }

  private static void encode(Encoder out, List<String> texts) {
    out.u32(texts.size());
    texts.forEach(out::text);
  }

  static Greeting decode(byte[] bytes) {
    Decoder in = new Decoder(bytes);
    Greeting greeting = new Greeting(in.text(TEXT_MAX), texts(in), texts(in), in.text(TEXT_MAX), in.u8() == 1, in.u64(), in.u64(),
        texts(in), Lineage.parse(in.text(TEXT_MAX)));
    in.end();
    return greeting;
  }

  private static List<String> texts(Decoder in) {
    int count = in.count(MEMBERS_MAX);
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(in.text(TEXT_MAX));
    }
    return texts;
  }
}
