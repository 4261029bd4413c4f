package io.weft.transport.quic;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.weft.node.Reason;
import io.weft.transport.NoStream;
import io.weft.transport.Stream;
import io.weft.transport.StreamHandler;
import io.weft.transport.quic.codec.OfferedStream;
import io.weft.transport.quic.codec.Session;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The streams of one link, and how many there may be. QUIC's own limit is not used: a lost MAX_STREAMS is never sent again by the
 * codec, and the peer could open nothing for ever. Both sides count instead: the opener until both directions ended, the peer
 * until it ended its own; the latter always comes first, so that a peer which keeps to the limit is never found above it. On the
 * loop.
 */
final class LinkStreams {

  private static final int FOREIGN_RESETS_MAX = 256;

  private final QuicLink link;
  private final Counters counters;
  private final int peerMay;
  private final LongObjectMap<QuicStream> streams = new LongObjectHashMap<>();
  private final LongObjectMap<Integer> earlyCuts = new LongObjectHashMap<>();
  private final Set<Long> skipped = new HashSet<>();
  private final WriteTurns turns;
  private final List<OfferedStream> held = new ArrayList<>();
  private boolean holding = true;
  private int mayOpen;
  private int openedHere;
  private int openedThere;
  private int foreignResets;
  private long nextFromPeer;

  LinkStreams(QuicLink link, Counters counters, int peerMay) {
    this.link = link;
    this.counters = counters;
    this.turns = new WriteTurns(link.loop());
    this.peerMay = peerMay;
    // RFC 9000, 2.1: clients open 0, 4, 8..., servers 1, 5, 9...
    this.nextFromPeer = link.dialed() ? 1 : 0;
  }

  QuicLink link() {
    return link;
  }

  /** The peer said how many streams may be opened. */
  void mayOpen(int max) {
    mayOpen = max;
  }

  /** There is somebody now who takes streams. */
  void release() {
    holding = false;
    List<OfferedStream> waiting = List.copyOf(held);
    held.clear();
    waiting.forEach(this::offered);
  }

  CompletableFuture<Stream> open(Session session, StreamHandler handler) {
    if (openedHere >= mayOpen) {
      return CompletableFuture.failedFuture(new NoStream(Reason.of("limit", "the peer allows " + mayOpen + " streams at once")));
    }
    QuicStream stream = new QuicStream(this, true);
    openedHere++;
    return session
        .openStream(true, stream)
        .handle((port, failure) -> {
          if (failure != null) {
            openedHere--;
            return CompletableFuture.<Stream>failedFuture(new NoStream(Reason.of("closed", "the link is closing")));
          }
          stream.on(port);
          stream.handler(handler);
          streams.put(port.id(), stream);
          return CompletableFuture.<Stream>completedFuture(stream);
        })
        .thenCompose(f -> f);
  }

  void offered(OfferedStream offered) {
    if (holding) {
      held.add(offered);
      return;
    }
    if (!seen(offered.id())) {
      link.broken("stream " + offered.id() + " far ahead of the others");
      return;
    }
    QuicStream stream = new QuicStream(this, false);
    Integer cut = earlyCuts.remove(offered.id());
    if (cut != null) {
      swallow(stream, offered);
      stream.peerCut(cut);
    } else if (openedThere >= peerMay) {
      counters.add(Counters.STREAMS_OVER_LIMIT);
      swallow(stream, offered);
      stream.reset(QuicStream.CODE_LIMIT);
    } else {
      accept(stream, offered);
    }
    // Streams that we ended and the peer did not; one that keeps to the rules has no more of them than it may open.
    if (streams.size() > 64 + 4 * (peerMay + mayOpen)) {
      link.broken("more than " + streams.size() + " streams that it does not end");
    }
  }

  private void accept(QuicStream stream, OfferedStream offered) {
    streams.put(offered.id(), stream);
    openedThere++;
    stream.on(offered);
    StreamHandler handler = link.handlerFor(stream);
    if (handler != null) {
      stream.handler(handler);
      offered.accept(stream);
    }
  }

  /** Reads a stream to its end for nobody. */
  private void swallow(QuicStream stream, OfferedStream offered) {
    streams.put(offered.id(), stream);
    openedThere++;
    stream.on(offered);
    offered.accept(stream);
  }

  /** Notes that the peer used this id; false if it jumped further than its streams can be apart. */
  private boolean seen(long id) {
    if (id < nextFromPeer) {
      skipped.remove(id);
      return true;
    }
    if ((id - nextFromPeer) / 4 + skipped.size() > 4L * peerMay) {
      return false;
    }
    for (; nextFromPeer < id; nextFromPeer += 4) {
      skipped.add(nextFromPeer);
    }
    nextFromPeer += 4;
    return true;
  }

  /** The peer cut a stream, perhaps before anything of it came here. */
  void peerCut(long id, int code) {
    link.signal(LinkSignals.cutSeen(id));
    QuicStream stream = streams.get(id);
    if (stream != null) {
      stream.peerCut(code);
    } else if ((id & 3) == (nextFromPeer & 3) && (id >= nextFromPeer || skipped.contains(id))) {
      if (earlyCuts.size() >= 2 * peerMay) {
        link.broken("cuts of streams that do not come");
      } else {
        earlyCuts.put(id, Integer.valueOf(code));
      }
    }
  }

  void tellCut(long id, int code) {
    link.signal(LinkSignals.cut(id, code));
  }

  void cutSeen(long id) {
    QuicStream stream = streams.get(id);
    if (stream != null) {
      stream.cutSeen();
    }
  }

  /** This side ended its direction of a stream that the peer opened. */
  void answered() {
    openedThere--;
  }

  /** Both directions of it ended. */
  void gone(QuicStream stream) {
    if (streams.remove(stream.id()) == stream && stream.local()) {
      openedHere--;
    }
  }

  void foreignReset() {
    if (++foreignResets > FOREIGN_RESETS_MAX) {
      link.broken("streams reset in a way that peers never do");
    }
  }

  /** Gives the stream its turn, at the end of this turn of the loop. */
  void later(QuicStream stream) {
    turns.add(stream);
  }

  /** The codec takes more of it again. */
  void goesOn(QuicStream stream) {
    turns.goesOn(stream);
  }

  void abandonAll() {
    held.clear();
    QuicStream[] all = streams.values().toArray(new QuicStream[0]);
    streams.clear();
    for (QuicStream stream : all) {
      stream.abandon();
    }
  }

  int size() {
    return streams.size();
  }
}
