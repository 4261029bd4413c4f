package io.weft.support.signal;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was seen before, per sender, bounded: when a sender's memory is full, its oldest entry is forgotten and everything that old is
 * refused from then on, so that nothing is ever taken twice. Not thread-safe.
 */
public final class ReplayCache {

  private static final class Sender {
    final LinkedHashMap<ByteBuffer, Long> seen = new LinkedHashMap<>();
    long floor = Long.MIN_VALUE;
  }

  private final int sendersMax;
  private final int perSender;
  private final long windowMillis;
  private final LinkedHashMap<String, Sender> senders = new LinkedHashMap<>(16, 0.75f, true);

  /** @param windowMillis older than this nobody accepts anything anyway, so it need not be remembered */
  public ReplayCache(int sendersMax, int perSender, long windowMillis) {
    this.sendersMax = sendersMax;
    this.perSender = perSender;
    this.windowMillis = windowMillis;
  }

  /**
   * Whether this is new, and remembers it. Only for what is proved to be from that sender.
   *
   * @param time when the sender says that it made this
   * @param now by the same kind of clock
   */
  public boolean admit(String name, byte[] nonce, long time, long now) {
    Sender sender = senders.get(name);
    if (sender == null) {
      if (senders.size() >= sendersMax && !forgetOne(now)) {
        return false;
      }
      sender = new Sender();
      senders.put(name, sender);
    }
    expire(sender, now);
    ByteBuffer key = ByteBuffer.wrap(nonce.clone());
    if (time <= sender.floor || sender.seen.containsKey(key)) {
      return false;
    }
    sender.seen.put(key, time);
    if (sender.seen.size() > perSender) {
      forgetOldest(sender);
    }
    return true;
  }

  private void expire(Sender sender, long now) {
    sender.seen.values().removeIf(time -> time < now - windowMillis);
  }

  private static void forgetOldest(Sender sender) {
    Map.Entry<ByteBuffer, Long> oldest = null;
    for (Map.Entry<ByteBuffer, Long> entry : sender.seen.entrySet()) {
      if (oldest == null || entry.getValue() < oldest.getValue()) {
        oldest = entry;
      }
    }
    if (oldest != null) {
      sender.floor = Math.max(sender.floor, oldest.getValue());
      sender.seen.remove(oldest.getKey());
    }
  }

  /** Makes room by forgetting the sender that was silent longest, if nothing of it could still be replayed. */
  private boolean forgetOne(long now) {
    var oldest = senders.entrySet().iterator();
    Sender sender = oldest.next().getValue();
    expire(sender, now);
    boolean silent = sender.seen.isEmpty() && sender.floor < now - windowMillis;
    if (silent) {
      oldest.remove();
    }
    return silent;
  }
}
