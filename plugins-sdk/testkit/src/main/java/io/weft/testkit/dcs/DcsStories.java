package io.weft.testkit.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Capabilities;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.Session;
import io.weft.dcs.WriteResult;
import io.weft.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/** What all stories of the contract need: one store, fresh clients and a prefix of their own for each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DcsStories {

  static final Duration SOON = Duration.ofSeconds(30);
  private static final AtomicInteger STORIES = new AtomicInteger();

  private final List<DcsRig.Client> clients = new ArrayList<>();
  private DcsRig rig;
  private String prefix = "";

  /** The store. Called once for the class. */
  protected abstract DcsRig open() throws Exception;

  @BeforeAll
  void openRig() throws Exception {
    rig = open();
    try (DcsRig.Client client = rig.client()) {
      Capabilities can = client.dcs().capabilities();
      System.out.println("STORE " + rig.server() + " | freshReads=" + can.linearizableReads() + " watchHistory=" + can.watchHistory()
          + " serverSessions=" + can.serverSessions() + " lockDelay=" + can.waitsBehindLostHolder() + " transactionMax="
          + can.transactionMax() + " ttlMin=" + can.ttlMin());
    }
  }

  @AfterAll
  void closeRig() throws Exception {
    if (rig != null) {
      rig.close();
    }
  }

  @BeforeEach
  void begin(TestInfo info) {
    prefix = "story" + STORIES.incrementAndGet() + "/";
    System.out.println("STORY " + rig.server() + " | " + info.getTestMethod().orElseThrow().getName());
  }

  @AfterEach
  void closeClients() {
    for (DcsRig.Client client : clients) {
      client.unblock();
    }
    clients.forEach(DcsRig.Client::close);
    clients.clear();
  }

  DcsRig rig() {
    return rig;
  }

  DcsRig.Client client() {
    try {
      DcsRig.Client client = rig.client();
      clients.add(client);
      return client;
    } catch (Exception e) {
      throw new AssertionError("no client", e);
    }
  }

  Dcs dcs() {
    return client().dcs();
  }

  /** A key of this story. */
  String key(String name) {
    return prefix + name;
  }

  String prefix() {
    return prefix;
  }

  Session session(Dcs dcs) {
    return done(dcs.open("story", ttl(dcs)));
  }

  Duration ttl(Dcs dcs) {
    return dcs.capabilities().clampTtl(rig.ttl());
  }

  /** The longest that a key may outlive a session that nobody renews. */
  Duration goneWithin(Dcs dcs) {
    return ttl(dcs).multipliedBy(2).plus(dcs.capabilities().waitsBehindLostHolder()).plusSeconds(10);
  }

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  static long put(Dcs dcs, String key, String value) {
    return put(dcs, key, value, Expect.any(), null);
  }

  static long put(Dcs dcs, String key, String value, Expect expect, @Nullable Session session) {
    WriteResult result = tryPut(dcs, key, value, expect, session);
    assertThat(result).as("putting " + key).isInstanceOf(WriteResult.Done.class);
    return ((WriteResult.Done) result).revision();
  }

  static WriteResult tryPut(Dcs dcs, String key, String value, Expect expect, @Nullable Session session) {
    return done(dcs.put(key, value.getBytes(StandardCharsets.UTF_8), expect, session));
  }

  static ReadMode freshest(Dcs dcs) {
    return dcs.capabilities().linearizableReads() ? ReadMode.LINEARIZABLE : ReadMode.STALE;
  }

  static Optional<Entry> get(Dcs dcs, String key) {
    return done(dcs.get(key, freshest(dcs)));
  }

  /** As {@link #get}; empty also while the store cannot be read. */
  static Optional<Entry> getIfServed(Dcs dcs, String key) {
    try {
      return get(dcs, key);
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(DcsUnavailable.class);
      return Optional.empty();
    }
  }

  /** Reads that value at once, or soon where reads may be old. */
  static void assertHolds(Dcs dcs, String key, @Nullable String value) {
    if (dcs.capabilities().linearizableReads()) {
      assertThat(get(dcs, key).map(Entry::text).orElse(null)).isEqualTo(value);
    } else {
      Await.until(key + " to be read", SOON, () -> Objects.equals(get(dcs, key).map(Entry::text).orElse(null), value));
    }
  }
}
