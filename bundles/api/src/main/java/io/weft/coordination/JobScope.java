package io.weft.coordination;

/** On how many nodes a job runs per period. */
public sealed interface JobScope {

  /** On one. */
  record Fabric() implements JobScope {}

  /** On one per shard; shards are numbered from 0. */
  record Shards(int count) implements JobScope {
    public Shards {
      if (count < 1 || count > 1024) {
        throw new IllegalArgumentException("a job has 1 to 1024 shards");
      }
    }
  }

  /** On every node that has it; needs no DCS. */
  record EveryNode() implements JobScope {}

  static JobScope fabric() {
    return new Fabric();
  }

  static JobScope shards(int count) {
    return new Shards(count);
  }

  static JobScope everyNode() {
    return new EveryNode();
  }
}
