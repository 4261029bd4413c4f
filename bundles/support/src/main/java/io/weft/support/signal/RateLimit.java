package io.weft.support.signal;

import java.util.LinkedHashMap;
import java.util.Map;

/** Token buckets by key; those of keys that were silent longest go when there are too many. Not thread-safe. */
public final class RateLimit {

  private static final int KEYS_MAX = 8_192;

  private static final class Bucket {
    double tokens;
    long at;
  }

  private final double perNano;
  private final double burst;
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
      return size() > KEYS_MAX;
    }
  };

  public RateLimit(int perSecond, int burst) {
    this.perNano = perSecond / 1e9;
    this.burst = burst;
  }

  public boolean take(String key, long nanos) {
    Bucket bucket = buckets.get(key);
    if (bucket == null) {
      bucket = new Bucket();
      bucket.tokens = burst;
      bucket.at = nanos;
      buckets.put(key, bucket);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + (nanos - bucket.at) * perNano);
    bucket.at = nanos;
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens--;
    return true;
  }
}
