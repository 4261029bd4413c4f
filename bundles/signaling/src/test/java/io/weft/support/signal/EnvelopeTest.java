package io.weft.support.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.signaling.Signal;
import io.weft.signaling.SignalType;
import io.weft.support.Json;
import io.weft.support.JsonReader;
import io.weft.support.signal.Gate.Verdict;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.Fuzz;
import io.weft.testkit.ManualTime;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

  private final ManualTime time = new ManualTime();
  private final FakeIdentity a = new FakeIdentity("demo", "a");
  private final FakeIdentity b = new FakeIdentity("demo", "b");
  private final Sealer sealer = new Sealer(a, "demo", time);
  private final Gate gate = new Gate("b", new Sealer(b, "demo", time), time);

  private static Signal signal(SignalType type, long attempt, String data) {
    return new Signal(type, attempt, data.getBytes(StandardCharsets.UTF_8));
  }

  private Verdict judge(Envelope envelope) {
    return gate.judge(b.expected("a").orElseThrow(), envelope);
  }

  private static byte[] json(Envelope envelope) {
    return EnvelopeJson.write(envelope).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void survivesTheWire() {
    Envelope sealed = sealer.seal("b", signal(SignalType.auth, 7, "ufrag:pwd"));

    Envelope read = EnvelopeJson.read(json(sealed));

    assertThat(read).isEqualTo(sealed);
    assertThat(judge(read)).isEqualTo(Verdict.accepted);
  }

  @Test
  void keepsTheShapeThatOthersKnow() {
    Map<?, ?> map = (Map<?, ?>) JsonReader.read(EnvelopeJson.write(sealer.seal("b", signal(SignalType.done, 1, "x"))));
    assertThat(map.get("from")).isEqualTo("a");
    assertThat(map.get("type")).isEqualTo("done");
    assertThat(map.get("data")).isEqualTo("eA");
  }

  @Test
  void anythingChangedOnTheWayIsForged() {
    Envelope good = sealer.seal("b", signal(SignalType.candidate, 7, "here"));
    Envelope[] bad = {
      new Envelope("a", "b", signal(SignalType.candidate, 8, "here"), good.time(), good.nonce(), good.signature()),
      new Envelope("a", "b", signal(SignalType.auth, 7, "here"), good.time(), good.nonce(), good.signature()),
      new Envelope("a", "b", signal(SignalType.candidate, 7, "there"), good.time(), good.nonce(), good.signature()),
      new Envelope("a", "b", good.signal(), good.time() + 1, good.nonce(), good.signature()),
      new Envelope("a", "b", good.signal(), good.time(), new byte[16], good.signature()),
      new Envelope("a", "b", good.signal(), good.time(), good.nonce(), new byte[64]),
    };
    for (Envelope envelope : bad) {
      assertThat(judge(envelope)).isEqualTo(Verdict.forged);
    }
    assertThat(judge(good)).isEqualTo(Verdict.accepted);
  }

  @Test
  void anotherFabricOrAnotherKeyIsForged() throws Exception {
    Signal signal = signal(SignalType.auth, 1, "x");
    FakeIdentity impostor = new FakeIdentity("demo", "a", KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    assertThat(judge(new Sealer(a, "other", time).seal("b", signal))).isEqualTo(Verdict.forged);
    assertThat(judge(new Sealer(impostor, "demo", time).seal("b", signal))).isEqualTo(Verdict.forged);
  }

  @Test
  void whatIsMeantForOthersIsNotTaken() {
    assertThat(judge(sealer.seal("c", signal(SignalType.auth, 1, "x")))).isEqualTo(Verdict.not_for_us);
  }

  @Test
  void aCopyIsDroppedAlsoIfItWasSealedAnew() {
    Signal signal = signal(SignalType.auth, 1, "x");
    Envelope first = sealer.seal("b", signal);
    assertThat(judge(first)).isEqualTo(Verdict.accepted);
    assertThat(judge(first)).isEqualTo(Verdict.repeated);
    time.advance(Duration.ofSeconds(1));
    assertThat(judge(sealer.seal("b", signal))).isEqualTo(Verdict.repeated);
  }

  @Test
  void theLatestAttemptWins() {
    Envelope old = sealer.seal("b", signal(SignalType.auth, 1, "x"));
    Envelope oldCandidate = sealer.seal("b", signal(SignalType.candidate, 1, "x"));
    assertThat(judge(sealer.seal("b", signal(SignalType.auth, 2, "y")))).isEqualTo(Verdict.accepted);
    assertThat(judge(old)).isEqualTo(Verdict.stale_attempt);
    assertThat(judge(oldCandidate)).isEqualTo(Verdict.stale_attempt);
    assertThat(judge(sealer.seal("b", signal(SignalType.candidate, 2, "y")))).isEqualTo(Verdict.accepted);
  }

  @Test
  void aForgedEnvelopeDoesNotMakeRealOnesStale() {
    Envelope real = sealer.seal("b", signal(SignalType.auth, 2, "y"));
    Envelope forged = new Envelope("a", "b", signal(SignalType.auth, Long.MAX_VALUE, "y"), real.time(), real.nonce(), real.signature());
    assertThat(judge(forged)).isEqualTo(Verdict.forged);
    assertThat(judge(real)).isEqualTo(Verdict.accepted);
  }

  @Test
  void whatIsTooOldOrFromTheFutureIsNotTaken() {
    Envelope early = sealer.seal("b", signal(SignalType.auth, 1, "x"));
    time.advance(Gate.LIFETIME.plus(Gate.SKEW_MAX).plusMillis(1));
    assertThat(judge(early)).isEqualTo(Verdict.out_of_time);

    ManualTime ahead = new ManualTime(time.now().plus(Gate.SKEW_MAX).plusMillis(1));
    assertThat(judge(new Sealer(a, "demo", ahead).seal("b", signal(SignalType.auth, 1, "x")))).isEqualTo(Verdict.out_of_time);
  }

  @Test
  void decodersOfHostileBytesThrowOnlyWhatTheySay() {
    byte[] envelope = json(sealer.seal("b", signal(SignalType.auth, 7, "ufrag:pwd")));
    byte[] list = ("[" + new String(envelope, StandardCharsets.UTF_8) + ",null,{},[[[" + "]]]]").getBytes(StandardCharsets.UTF_8);
    new Fuzz(1, List.of(envelope, list), 4_096).run(100_000, IllegalArgumentException.class, bytes -> {
      EnvelopeJson.readList(bytes);
      EnvelopeJson.read(bytes);
    });
    RequestProof proof = RequestProof.sign(a, new RequestProof.Request("GET", "h:1", "/poll?peer=a", new byte[0]), 5, new byte[16]);
    new Fuzz(2, List.of(proof.header().getBytes(StandardCharsets.UTF_8)), 300).run(100_000, IllegalArgumentException.class,
        bytes -> RequestProof.parse(new String(bytes, StandardCharsets.ISO_8859_1)));
  }

  @Test
  void oneBadElementDoesNotHideTheOthers() {
    String good = EnvelopeJson.write(sealer.seal("b", signal(SignalType.auth, 7, "x")));
    assertThat(EnvelopeJson.readList(("[1,{\"from\":\"a\"}," + good + "]").getBytes(StandardCharsets.UTF_8))).hasSize(1);
    assertThat(EnvelopeJson.readList("null".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void theDecoderHasLimits() {
    assertThatThrownBy(() -> EnvelopeJson.read(new byte[EnvelopeJson.ENVELOPE_MAX + 1])).hasMessageContaining("at most");
    assertThatThrownBy(() -> EnvelopeJson.readList(new byte[EnvelopeJson.LIST_MAX + 1])).hasMessageContaining("at most");
    String many = Json.compact(java.util.Collections.nCopies(EnvelopeJson.COUNT_MAX + 1, 1));
    assertThatThrownBy(() -> EnvelopeJson.readList(many.getBytes(StandardCharsets.UTF_8))).hasMessageContaining("at most");
    assertThat(json(sealer.seal("b", new Signal(SignalType.auth, Long.MAX_VALUE, new byte[Signal.DATA_MAX]))).length)
        .isLessThan(EnvelopeJson.ENVELOPE_MAX);
  }

  @Test
  void aProofCountsForItsRequestOnly() {
    RequestProof.Request poll = new RequestProof.Request("GET", "h:1", "/poll?peer=a", new byte[0]);
    RequestProof proof = RequestProof.parse(RequestProof.sign(a, poll, 5, new byte[16]).header());
    assertThat(proof.isBy(a.self(), b, poll)).isTrue();
    assertThat(proof.isBy(b.self(), b, poll)).isFalse();
    for (RequestProof.Request other : List.of(
        new RequestProof.Request("POST", "h:1", "/poll?peer=a", new byte[0]),
        new RequestProof.Request("GET", "h:2", "/poll?peer=a", new byte[0]),
        new RequestProof.Request("GET", "h:1", "/poll?peer=b", new byte[0]),
        new RequestProof.Request("GET", "h:1", "/poll?peer=a", new byte[1]))) {
      assertThat(proof.isBy(a.self(), b, other)).isFalse();
    }
  }
}
