package io.weft.dcs.raft;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code dcs.raft}. */
@ObjectClassDefinition(name = "Weft: DCS on Raft", description = "Coordination that needs no server: nodes of the fabric "
    + "keep the store among themselves.")
@interface RaftConfig {

  @AttributeDefinition(description = "Names of the nodes that found the store: three or five, the same on all nodes. All of them "
      + "must be there once, at the same time; from then on a majority is enough. Nodes that are not named use the store, and "
      + "become members by dcs:add. Applies at once.")
  String[] members();

  @AttributeDefinition(
      required = false,
      min = "200",
      max = "30000",
      description = "Milliseconds for which a member that hears nothing of a leader calls no election; it does so within three "
          + "times that. Shorter is faster where machines, disks and network are never busy. The same on all members. Applies at "
          + "once; the member of this node starts anew.")
  int election_timeout_ms() default 700;

  @AttributeDefinition(
      required = false,
      description = "Whether a leader answers reads without asking the others, while it is sure by its own clock that nobody "
          + "else leads. Turn it off where clocks of machines may stand still. The same on all members. Applies at once; the "
          + "member of this node starts anew.")
  boolean read_lease() default true;

  @AttributeDefinition(
      required = false,
      min = "1000",
      max = "10000000",
      description = "Changes after which a member keeps a snapshot and drops the log before it. Applies at once; the "
          + "member of this node starts anew.")
  int snapshot_after() default 50_000;

  @AttributeDefinition(
      required = false,
      min = "1",
      max = "48",
      description = "MiB of keys and values, all in memory; what would go beyond is refused. Applies at once; the "
          + "member of this node starts anew.")
  int store_max_mb() default 32;

  @AttributeDefinition(
      required = false,
      min = "200",
      max = "9000",
      description = "Milliseconds after which an answer is no longer waited for. Applies at once; the "
          + "member of this node starts anew.")
  int timeout_ms() default 5_000;
}
