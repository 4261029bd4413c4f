package io.weft.dcs.raft.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Change;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.Snapshot;
import io.weft.testkit.Fuzz;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CodecTest {

  private static final Entry ENTRY = new Entry("a/käse", new byte[] {0, 1, -1}, 7, Optional.of("s1"));
  private static final List<byte[]> SAMPLES = List.of(
      Codec.encode(new Command.Put(List.of(new Op(Op.Kind.PUT, "a/b", new byte[] {1, 2}, Expect.revision(3), "s9"),
          new Op(Op.Kind.DELETE, "c", new byte[0], Expect.any(), ""), new Op(Op.Kind.CHECK, "d", new byte[0], Expect.absent(), "")))),
      Codec.encode(new Command.Open("who", 2_000)), Codec.encode(new Command.Renew("s1")), Codec.encode(new Command.End("s1")),
      Codec.encode(new Command.Expire("s1", 4)), Codec.encode(new Outcome.Conflict(Optional.of(ENTRY))),
      Codec.encode(new Outcome.Opened("s2")), Codec.encode(new Query.Since("a/", 3)),
      Codec.encode(new Snapshot(List.of(ENTRY), 9)),
      Codec.encode(new News(true, List.of(new Change.Put(ENTRY), new Change.Deleted("x", 8)), 9, false)));

  @Test
  void whatIsEncodedIsDecoded() {
    for (byte[] command : SAMPLES.subList(0, 5)) {
      assertThat(Codec.encode(Codec.command(command))).isEqualTo(command);
    }
    assertThat(Codec.outcome(Codec.encode(new Outcome.Done(5)))).isEqualTo(new Outcome.Done(5));
    assertThat(Codec.outcome(SAMPLES.get(5))).isEqualTo(new Outcome.Conflict(Optional.of(ENTRY)));
    assertThat(Codec.query(SAMPLES.get(7))).isEqualTo(new Query.Since("a/", 3));
    assertThat(Codec.snapshot(SAMPLES.get(8))).isEqualTo(new Snapshot(List.of(ENTRY), 9));
    assertThat(Codec.news(SAMPLES.get(9)).changes()).containsExactly(new Change.Put(ENTRY), new Change.Deleted("x", 8));
    assertThat(Codec.entry(Codec.encode(Optional.of(ENTRY)))).contains(ENTRY);
  }

  @Test
  void whateverElseComesIsRefused() {
    Fuzz fuzz = new Fuzz(1, SAMPLES, 512);
    fuzz.run(30_000, IllegalArgumentException.class, Codec::command);
    fuzz.run(15_000, IllegalArgumentException.class, Codec::outcome);
    fuzz.run(15_000, IllegalArgumentException.class, Codec::query);
    fuzz.run(20_000, IllegalArgumentException.class, Codec::snapshot);
    fuzz.run(20_000, IllegalArgumentException.class, Codec::news);
  }
}
