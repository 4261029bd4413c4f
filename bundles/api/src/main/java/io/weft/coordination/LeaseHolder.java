package io.weft.coordination;

import io.weft.node.Reason;
import org.osgi.annotation.versioning.ConsumerType;

/** Hears when a lease comes and goes. One call at a time, in turns; must return at once. */
@ConsumerType
public interface LeaseHolder {

  /** This node holds it. */
  void gained(Lease lease);

  /** This node holds it no more. The lease said so by itself before. */
  void lost(Lease lease, Reason reason);
}
