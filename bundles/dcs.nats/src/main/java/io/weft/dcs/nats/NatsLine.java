package io.weft.dcs.nats;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection, which comes back by itself once it was there, and the bucket. Methods block. */
final class NatsLine implements AutoCloseable {

  /** There is no connection, or none that may be used, so nothing was asked. */
  static final class NotConnected extends IOException {
    private static final long serialVersionUID = 1L;

    NotConnected(String message) {
      super(message);
    }
  }

  /** The bucket, ready for use. */
  record Bucket(String stream, JetStream messages, JetStreamManagement management, boolean expires, int replicas) {}

  private static final Logger log = LoggerFactory.getLogger(NatsLine.class);
  private static final String SAFE_SINCE = "2.12.0";
  private static final int STREAM_NOT_FOUND = 10_059;
  private static final Duration MARKERS_KEPT = Duration.ofHours(1);

  private final NatsOptions options;
  private final NatsSubjects subjects;
  private final Duration timeout;
  private final Runnable hint;
  private final NatsProblems problems = new NatsProblems();
  // Guards what follows; held while connecting, so that one thread does it.
  private final Object lock = new Object();
  private @Nullable Connection connection;
  private @Nullable Bucket bucket;
  private boolean closed;

  /** @param hint called when something may have changed */
  NatsLine(NatsOptions options, NatsSubjects subjects, Runnable hint) {
    this.options = options;
    this.subjects = subjects;
    this.timeout = options.timeout();
    this.hint = hint;
  }

  Bucket bucket() throws IOException, JetStreamApiException {
    synchronized (lock) {
      Connection open = connection();
      if (open.getStatus() != Connection.Status.CONNECTED) {
        throw new NotConnected("not connected to any server");
      }
      if (bucket == null) {
        bucket = make(open);
      }
      return bucket;
    }
  }

  /** What the server says of itself; for people. */
  Connection connection() throws IOException {
    synchronized (lock) {
      if (closed) {
        throw new NotConnected("this client is closed");
      }
      if (connection == null) {
        try {
          problems.forget();
          Options connecting = options.build(timeout, problems);
          connection = Nats.connect(connecting);
          listen(connection);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new NotConnected("interrupted");
        } catch (IOException e) {
          throw new NotConnected(problems.inWords(e));
        }
      }
      return connection;
    }
  }

  private void listen(Connection open) {
    open.createDispatcher(message -> hint.run()).subscribe(subjects.allKeys());
  }

  private Bucket make(Connection open) throws IOException, JetStreamApiException {
    JetStreamOptions waiting = JetStreamOptions.builder().requestTimeout(timeout).build();
    JetStreamManagement management = open.jetStreamManagement(waiting);
    boolean expires = open.getServerInfo().isSameOrNewerThanVersion("2.11.0");
    String name = "KV_" + options.bucket();
    StreamInfo info;
    try {
      info = management.getStreamInfo(name);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != STREAM_NOT_FOUND) {
        throw e;
      }
      log.info("bucket made bucket={} replicas={} expires={}", options.bucket(), options.replicas(), expires);
      info = management.addStream(configuration(name, expires));
    }
    refuseUnsafe(open, info.getConfiguration().getReplicas());
    boolean canExpire = expires && info.getConfiguration().isAllowMessageTtl();
    return new Bucket(name, open.jetStream(waiting), management, canExpire, info.getConfiguration().getReplicas());
  }

  /**
   * Before 2.12 the leader of a replicated stream compares with what is stored, not with what is on its way: two that expected
   * the same revision both succeed. Without compare-and-set there are no leases.
   */
  private static void refuseUnsafe(Connection open, int replicas) throws NotConnected {
    if (replicas > 1 && !open.getServerInfo().isSameOrNewerThanVersion(SAFE_SINCE)) {
      throw new NotConnected("NATS " + open.getServerInfo().getVersion()
          + " lets two writers of a replicated bucket win at once; use "
          + SAFE_SINCE + " or later, or one replica");
    }
  }

  /** That of a key-value bucket with a history of one; reads go to the leader, since others may be behind. */
  private StreamConfiguration configuration(String name, boolean expires) {
    StreamConfiguration.Builder builder = StreamConfiguration.builder()
        .name(name)
        .subjects(subjects.allKeys(), subjects.allSessions())
        .maxMessagesPerSubject(1)
        .storageType(StorageType.File)
        .replicas(options.replicas())
        .allowRollup(true)
        .allowDirect(false)
        .discardPolicy(DiscardPolicy.New)
        .duplicateWindow(Duration.ofMinutes(2));
    if (expires) {
      builder.allowMessageTtl().subjectDeleteMarkerTtl(MARKERS_KEPT);
    }
    return builder.build();
  }

  @Override
  public void close() {
    Connection open;
    synchronized (lock) {
      closed = true;
      open = connection;
    }
    if (open != null) {
      try {
        open.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
