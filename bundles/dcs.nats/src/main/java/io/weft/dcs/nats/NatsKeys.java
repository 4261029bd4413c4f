package io.weft.dcs.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.PublishOptions;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.weft.dcs.Change;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.Snapshot;
import io.weft.dcs.WriteResult;
import io.weft.support.dcs.PolledWatches.News;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reading and writing the bucket. Sequences of the stream are the revisions; a deletion is a marker that stays, so that it has
 * one too. Each key is read by a request of its own. Methods block.
 */
final class NatsKeys {

  private static final int WRONG_LAST_SEQUENCE = 10_071;
  private static final int WRITTEN_RIGHT_NOW = 10_164; // somebody else's write to the subject is on its way
  private static final int NO_MESSAGE = 10_037;
  private static final int BATCH_MAX = 200;
  private static final int ATTEMPTS = 30;
  private static final String OPERATION = "KV-Operation";
  private static final String MARKER = "Nats-Marker-Reason";
  private static final String SESSION = "Weft-Session";

  private final NatsLine line;
  private final NatsSubjects subjects;

  NatsKeys(NatsLine line, NatsSubjects subjects) {
    this.line = line;
    this.subjects = subjects;
  }

  Optional<Entry> get(String key) throws IOException, JetStreamApiException {
    MessageInfo message = last(subjects.key(key));
    return message == null || isMarker(message) ? Optional.empty() : Optional.of(entry(key, message));
  }

  Snapshot list(String prefix) throws IOException, JetStreamApiException {
    NatsLine.Bucket bucket = line.bucket();
    long revision = bucket.management().getStreamInfo(bucket.stream()).getStreamState().getLastSequence();
    TreeMap<String, Entry> entries = new TreeMap<>(DcsKeys.ORDER);
    long at = 1;
    for (MessageInfo m = next(at, subjects.below(prefix)); m != null; m = next(at, subjects.below(prefix))) {
      String key = subjects.keyOf(m.getSubject());
      if (key != null && isMarker(m)) {
        entries.remove(key);
      } else if (key != null) {
        entries.put(key, entry(key, m));
      }
      at = m.getSeq() + 1;
    }
    return new Snapshot(new ArrayList<>(entries.values()), revision);
  }

  News news(String prefix, long told) throws IOException, JetStreamApiException {
    if (told == 0) {
      return News.reset(list(prefix));
    }
    List<Change> changes = new ArrayList<>();
    long upTo = told;
    MessageInfo m = next(upTo + 1, subjects.below(prefix));
    while (m != null && changes.size() < BATCH_MAX) {
      upTo = m.getSeq();
      String key = subjects.keyOf(m.getSubject());
      if (key != null) {
        changes.add(isMarker(m) ? new Change.Deleted(key, upTo) : new Change.Put(entry(key, m)));
      }
      m = next(upTo + 1, subjects.below(prefix));
    }
    return new News(null, changes, upTo, m != null);
  }

  WriteResult put(String key, byte[] value, Expect expect, @Nullable String session) throws IOException, JetStreamApiException {
    Headers headers = new Headers();
    if (session != null) {
      if (!isThere(subjects.session(session))) {
        return new WriteResult.SessionLost();
      }
      headers.add(SESSION, session);
    }
    String subject = subjects.key(key);
    long expected = expect instanceof Expect.Revision r ? r.revision() : expect instanceof Expect.Absent ? 0 : -1;
    for (int i = 0; i < ATTEMPTS; i++) {
      try {
        return new WriteResult.Done(publish(subject, headers, value, expected, null));
      } catch (JetStreamApiException e) {
        if (!isTooLate(e)) {
          throw e;
        }
        MessageInfo there = last(subject);
        boolean gone = there == null || isMarker(there);
        boolean asExpected = expect instanceof Expect.Absent && gone
            || expect instanceof Expect.Revision r && !gone && there.getSeq() == r.revision();
        if (!asExpected) {
          return new WriteResult.Conflict(gone ? Optional.empty() : Optional.of(entry(key, there)));
        }
        expected = there == null ? 0 : there.getSeq(); // of the marker, where it was deleted
      }
    }
    return new WriteResult.Refused("nats: the key is being written all the time");
  }

  WriteResult delete(String key, Expect expect) throws IOException, JetStreamApiException {
    String subject = subjects.key(key);
    for (int i = 0; i < ATTEMPTS; i++) {
      MessageInfo there = last(subject);
      boolean gone = there == null || isMarker(there);
      if (gone && expect instanceof Expect.Any) {
        return new WriteResult.Done(there == null ? 1 : there.getSeq());
      }
      if (gone || expect instanceof Expect.Revision r && there.getSeq() != r.revision()) {
        return new WriteResult.Conflict(gone ? Optional.empty() : Optional.of(entry(key, there)));
      }
      try {
        return new WriteResult.Done(mark(subject, there.getSeq(), null));
      } catch (JetStreamApiException e) {
        if (!isTooLate(e)) {
          throw e;
        }
      }
    }
    return new WriteResult.Refused("nats: the key is being written all the time");
  }

  /** Whether there is something other than a marker. */
  boolean isThere(String subject) throws IOException, JetStreamApiException {
    MessageInfo message = last(subject);
    return message != null && !isMarker(message);
  }

  /** Empty if somebody else wrote in between. */
  Optional<Long> replace(String subject, byte[] value, long expected, @Nullable Duration expiry) throws IOException,
      JetStreamApiException {
    try {
      return Optional.of(publish(subject, new Headers(), value, expected, expiry));
    } catch (JetStreamApiException e) {
      if (!isTooLate(e)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Empty if somebody else wrote in between. */
  Optional<Long> erase(String subject, long expected, @Nullable Duration expiry) throws IOException, JetStreamApiException {
    try {
      return Optional.of(mark(subject, expected, expiry));
    } catch (JetStreamApiException e) {
      if (!isTooLate(e)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private long mark(String subject, long expected, @Nullable Duration expiry) throws IOException, JetStreamApiException {
    return publish(subject, new Headers().add(OPERATION, "DEL"), new byte[0], expected, expiry);
  }

  private long publish(String subject, Headers headers, byte[] value, long expected, @Nullable Duration expiry)
      throws IOException, JetStreamApiException {
    NatsLine.Bucket bucket = line.bucket();
    PublishOptions.Builder options = PublishOptions.builder();
    if (expected >= 0) {
      options.expectedLastSubjectSequence(expected);
    }
    if (expiry != null && bucket.expires()) {
      options.messageTtlSeconds((int) expiry.plusMillis(999).toSeconds());
    }
    PublishAck ack = bucket.messages().publish(subject, headers, value, options.build());
    return ack.getSeqno();
  }

  @Nullable MessageInfo last(String subject) throws IOException, JetStreamApiException {
    NatsLine.Bucket bucket = line.bucket();
    return found(() -> bucket.management().getLastMessage(bucket.stream(), subject));
  }

  /** The first message from a sequence on, of those subjects. */
  @Nullable MessageInfo next(long from, String filter) throws IOException, JetStreamApiException {
    NatsLine.Bucket bucket = line.bucket();
    return found(() -> bucket.management().getNextMessage(bucket.stream(), from, filter));
  }

  private interface Asking {
    MessageInfo ask() throws IOException, JetStreamApiException;
  }

  private static @Nullable MessageInfo found(Asking asking) throws IOException, JetStreamApiException {
    try {
      return asking.ask();
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NO_MESSAGE) {
        return null;
      }
      throw e;
    }
  }

  private static boolean isTooLate(JetStreamApiException e) {
    return e.getApiErrorCode() == WRONG_LAST_SEQUENCE || e.getApiErrorCode() == WRITTEN_RIGHT_NOW;
  }

  static boolean isMarker(MessageInfo message) {
    Headers headers = message.getHeaders();
    return headers != null && (headers.containsKey(OPERATION) || headers.containsKey(MARKER));
  }

  private static Entry entry(String key, MessageInfo message) {
    Headers headers = message.getHeaders();
    Optional<String> session = headers == null ? Optional.empty() : Optional.ofNullable(headers.getFirst(SESSION));
    byte[] data = message.getData();
    return new Entry(key, data == null ? new byte[0] : data, message.getSeq(), session);
  }
}
