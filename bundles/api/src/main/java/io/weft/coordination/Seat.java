package io.weft.coordination;

import io.weft.dcs.WriteResult;
import io.weft.node.Reason;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** A number in a group that this node holds, or held. Works as a {@link Lease} does. */
@ProviderType
public interface Seat {

  String group();

  String instance();

  int ordinal();

  /** Larger than that of every earlier holder of this number. */
  long token();

  /** Whether it is held now. */
  boolean isHeld();

  /** Completes once when it is lost or released. */
  CompletionStage<Reason> ended();

  /** Gives it up; others may have it at once. Idempotent. */
  CompletionStage<WriteResult> release();
}
