package io.weft.signaling.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.signaling.Signal;
import io.weft.signaling.SignalType;
import io.weft.support.signal.Envelope;
import io.weft.support.signal.EnvelopeJson;
import io.weft.support.signal.Gate;
import io.weft.testkit.ManualTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxesTest {

  private static final Limits LIMITS = new Limits(4, 1_000_000, 20, 200, 100, 10);

  private final ManualTime time = new ManualTime();
  private final Mailboxes mailboxes = new Mailboxes(LIMITS, time);
  private int nonces;

  private Envelope envelope(String from, String to, SignalType type, long attempt, int bytes) {
    return new Envelope(from, to, new Signal(type, attempt, new byte[bytes]), 1,
        ByteBuffer.allocate(16).putInt(nonces++).array(), new byte[64]);
  }

  private Mailbox.Outcome publish(Envelope envelope) throws Mailboxes.Full {
    return mailboxes.publish(envelope, EnvelopeJson.write(envelope));
  }

  private Mailbox.Outcome publish(String from, String to, SignalType type, long attempt) throws Mailboxes.Full {
    return publish(envelope(from, to, type, attempt, 10));
  }

  private List<Mailbox.Message> poll(String member) throws Mailboxes.Full {
    List<Mailbox.Message> got = new ArrayList<>();
    mailboxes.poll(member, got::addAll).run();
    return got;
  }

  private List<String> read(String member) throws Mailboxes.Full {
    return poll(member).stream().map(m -> m.envelope().from() + m.envelope().signal().type() + m.envelope().signal().attempt()).toList();
  }

  @Test
  void drainsInOrder() throws Exception {
    publish("a", "z", SignalType.auth, 1);
    publish("a", "z", SignalType.candidate, 1);
    publish("b", "z", SignalType.auth, 4);
    assertThat(read("z")).containsExactly("aauth1", "acandidate1", "bauth4");
    assertThat(read("z")).isEmpty();
    assertThat(mailboxes.bytes()).isZero();
  }

  @Test
  void anAuthStartsAnEpochOfItsSenderOnly() throws Exception {
    publish("a", "z", SignalType.auth, 1);
    publish("a", "z", SignalType.candidate, 1);
    publish("b", "z", SignalType.candidate, 4);
    publish("a", "y", SignalType.candidate, 1);
    publish("a", "z", SignalType.auth, 2);
    assertThat(read("z")).containsExactly("bcandidate4", "aauth2");
    assertThat(read("y")).containsExactly("acandidate1");
  }

  @Test
  void anOldAttemptNeitherPurgesNorStays() throws Exception {
    publish("a", "z", SignalType.auth, 2);
    assertThat(publish("a", "z", SignalType.auth, 1)).isEqualTo(Mailbox.Outcome.stale_attempt);
    assertThat(publish("a", "z", SignalType.candidate, 1)).isEqualTo(Mailbox.Outcome.stale_attempt);
    assertThat(read("z")).containsExactly("aauth2");
    assertThat(publish("a", "z", SignalType.candidate, 1)).isEqualTo(Mailbox.Outcome.stale_attempt);
  }

  @Test
  void aCopyIsKeptOnce() throws Exception {
    Envelope envelope = envelope("a", "z", SignalType.candidate, 1, 10);
    assertThat(publish(envelope)).isEqualTo(Mailbox.Outcome.kept);
    assertThat(publish(envelope)).isEqualTo(Mailbox.Outcome.repeated);
    assertThat(read("z")).hasSize(1);
  }

  @Test
  void whoFloodsLosesItsOwnAndKeepsItsAuth() throws Exception {
    publish("a", "z", SignalType.auth, 1);
    publish("good", "z", SignalType.auth, 1);
    publish("good", "z", SignalType.candidate, 1);
    for (int i = 0; i < 10_000; i++) {
      publish("a", "z", SignalType.candidate, 1);
    }
    List<String> all = read("z");
    assertThat(all).hasSize(Limits.MAILBOX_MESSAGES).contains("aauth1", "goodauth1", "goodcandidate1");
  }

  @Test
  void bytesAreBoundedToo() throws Exception {
    publish("good", "z", SignalType.auth, 1);
    for (int i = 0; i < 60; i++) {
      publish(envelope("a", "z", SignalType.candidate, 1, Signal.DATA_MAX));
      assertThat(mailboxes.bytes()).isLessThanOrEqualTo(Limits.MAILBOX_BYTES);
    }
    assertThat(read("z")).contains("goodauth1").hasSizeGreaterThan(15);
  }

  @Test
  void nothingGrowsWithoutLimit() throws Exception {
    for (String name : List.of("v", "w", "x", "y")) {
      publish("a", name, SignalType.auth, 1);
    }
    assertThatThrownBy(() -> publish("a", "z", SignalType.auth, 1)).isInstanceOf(Mailboxes.Full.class).hasMessageContaining("mailboxes");
    time.advance(Gate.LIFETIME);
    publish("a", "z", SignalType.auth, 1);
    assertThat(mailboxes.size()).isEqualTo(1);

    Mailboxes small = new Mailboxes(new Limits(4, 100, 1, 1, 1, 1), time);
    Envelope envelope = envelope("a", "z", SignalType.auth, 1, 10);
    assertThatThrownBy(() -> small.publish(envelope, EnvelopeJson.write(envelope))).hasMessageContaining("bytes");
  }

  @Test
  void whatIsOutOfTimeGoes() throws Exception {
    publish("a", "z", SignalType.auth, 1);
    time.advance(Gate.LIFETIME.minusSeconds(1));
    publish("b", "z", SignalType.auth, 1);
    time.advance(Duration.ofSeconds(1));
    mailboxes.sweep();
    assertThat(read("z")).containsExactly("bauth1");
    time.advance(Gate.LIFETIME);
    mailboxes.sweep();
    assertThat(mailboxes.size()).isZero();
    assertThat(mailboxes.bytes()).isZero();
  }

  @Test
  void onePollPerMailboxAndTheNewOneWins() throws Exception {
    List<List<Mailbox.Message>> first = new ArrayList<>();
    List<List<Mailbox.Message>> second = new ArrayList<>();
    mailboxes.poll("z", first::add);
    mailboxes.poll("z", second::add);
    assertThat(first).containsExactly(List.of());
    publish("a", "z", SignalType.auth, 1);
    assertThat(second).hasSize(1);
    assertThat(second.get(0)).hasSize(1);
    assertThat(read("z")).isEmpty();
  }

  @Test
  void whatCouldNotBeDeliveredComesFirstNextTime() throws Exception {
    publish("a", "z", SignalType.auth, 1);
    publish("b", "z", SignalType.auth, 1);
    List<Mailbox.Message> lost = poll("z");
    publish("a", "z", SignalType.auth, 2);
    mailboxes.putBack("z", lost);
    assertThat(read("z")).containsExactly("bauth1", "aauth2");
    assertThat(mailboxes.bytes()).isZero();
  }
}
