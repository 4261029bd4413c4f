package io.weft.testkit.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.Expect;
import io.weft.dcs.Leader;
import io.weft.dcs.Leadership;
import io.weft.dcs.Session;
import io.weft.node.Registration;
import io.weft.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Elections: one at a time, with a token that only grows. */
abstract class DcsElectionStories extends DcsSessionStories {

  @Test
  void oneLeadsAndTheNextHasALargerToken() {
    List<Dcs> all = IntStream.range(0, 3).mapToObj(i -> dcs()).toList();
    List<CompletableFuture<Leadership>> campaigns = all.stream().map(dcs -> campaign(dcs, session(dcs), "candidate")).toList();
    CompletableFuture<?> first = CompletableFuture.anyOf(campaigns.toArray(CompletableFuture[]::new));
    long token = 0;
    for (int i = 0; i < all.size(); i++) {
      Await.until("somebody to lead", SOON, () -> campaigns.stream().anyMatch(c -> c.isDone() && c.join().isHeld()));
      List<Leadership> held =
          campaigns.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join).filter(Leadership::isHeld).toList();
      assertThat(held).hasSize(1);
      assertThat(held.get(0).token()).isGreaterThan(token);
      token = held.get(0).token();
      assertThat(done(held.get(0).resign()).isDone()).isTrue();
      assertThat(held.get(0).isHeld()).isFalse();
      assertThat(done(held.get(0).ended()).code()).isEqualTo("resigned");
    }
    assertThat(first).isDone();
  }

  @Test
  void othersSeeWhoLeads() {
    Dcs a = dcs();
    Dcs b = dcs();
    List<Optional<Leader>> seen = new CopyOnWriteArrayList<>();
    try (Registration watch = b.election(key("e")).observe(seen::add)) {
      Await.until("nobody to lead", SOON, () -> !seen.isEmpty());
      assertThat(seen.get(seen.size() - 1)).isEmpty();
      Session session = session(a);
      Leadership leadership = done(campaign(a, session, "me"));
      Await.until("the leader to be seen", SOON, () -> seen.get(seen.size() - 1).isPresent());
      Leader leader = seen.get(seen.size() - 1).orElseThrow();
      assertThat(new String(leader.value(), StandardCharsets.UTF_8)).isEqualTo("me");
      assertThat(leader.token()).isEqualTo(leadership.token());
      assertThat(leader.session()).isEqualTo(session.id());
      assertThat(done(b.election(key("e")).leader(freshest(b)))).contains(leader);
      done(leadership.resign());
      Await.until("the leader to be gone", SOON, () -> seen.get(seen.size() - 1).isEmpty());
    }
  }

  @Test
  void aLostLeaderKnowsBeforeTheNextOneLeads() {
    DcsRig.Client holder = client();
    Dcs other = dcs();
    Leadership lost = done(campaign(holder.dcs(), session(holder.dcs()), "lost"));
    CompletableFuture<Leadership> next = campaign(other, session(other), "next");
    assertThat(next).isNotDone();
    boolean[] heldBoth = new boolean[1];
    next.thenAccept(l -> heldBoth[0] = lost.isHeld());
    holder.block();
    Await.until("the next to lead", goneWithin(other), () -> next.isDone());
    assertThat(heldBoth[0]).as("whether the lost leader still held when the next one won").isFalse();
    assertThat(next.join().token()).isGreaterThan(lost.token());
    assertThat(next.join().isHeld()).isTrue();
    holder.unblock();
    Await.until("the lost leader to hear of it", SOON, () -> lost.ended().toCompletableFuture().isDone());
    assertThat(lost.isHeld()).isFalse();
    done(lost.resign());
    assertThat(next.join().isHeld()).as("what the lost one still does").isTrue();
  }

  @Test
  void theEndOfTheSessionEndsTheLeadership() {
    Dcs dcs = dcs();
    Session session = session(dcs);
    Leadership leadership = done(campaign(dcs, session, "me"));
    long earlier = session.deadlineNanos(); // it renews itself meanwhile
    assertThat(leadership.deadlineNanos()).isBetween(earlier, session.deadlineNanos());
    session.close();
    assertThat(leadership.isHeld()).isFalse();
    assertThat(done(leadership.ended()).code()).isEqualTo("closed");
    Leadership again = done(campaign(dcs, session(dcs), "again"));
    assertThat(again.token()).isGreaterThan(leadership.token());
  }

  @Test
  void whoseKeyIsTakenIsDeposed() {
    Dcs dcs = dcs();
    Dcs operator = dcs();
    Leadership leadership = done(campaign(dcs, session(dcs), "me"));
    String leaderKey = "_elections/" + key("e") + "/leader";
    assertThat(done(operator.delete(leaderKey, Expect.revision(leadership.token()))).isDone()).isTrue();
    Await.until("the leader to hear of it", SOON, () -> leadership.ended().toCompletableFuture().isDone());
    assertThat(leadership.isHeld()).isFalse();
    assertThat(done(leadership.ended()).code()).isEqualTo("deposed");
  }

  @Test
  void aCampaignCanBeWithdrawn() {
    Dcs dcs = dcs();
    Leadership first = done(campaign(dcs, session(dcs), "first"));
    CompletableFuture<Leadership> withdrawn = campaign(dcs, session(dcs), "withdrawn");
    CompletableFuture<Leadership> stays = campaign(dcs, session(dcs), "stays");
    withdrawn.cancel(false);
    done(first.resign());
    assertThat(done(stays).isHeld()).isTrue();
    assertThat(withdrawn).isCancelled();
  }

  @Test
  void aCampaignEndsWithItsSession() {
    Dcs dcs = dcs();
    done(campaign(dcs, session(dcs), "first"));
    Session session = session(dcs);
    CompletableFuture<Leadership> waiting = campaign(dcs, session, "waiting");
    session.close();
    assertThat(waiting).failsWithin(SOON).withThrowableOfType(ExecutionException.class).withCauseInstanceOf(DcsUnavailable.class);
  }

  private CompletableFuture<Leadership> campaign(Dcs dcs, Session session, String value) {
    return dcs.election(key("e")).campaign(session, value.getBytes(StandardCharsets.UTF_8));
  }
}
