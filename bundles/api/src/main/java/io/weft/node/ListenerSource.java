package io.weft.node;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Whoever listens says so here: {@code weft status} shows every listener. Registered as a service. */
@ConsumerType
public interface ListenerSource {

  /** What is bound now. Any thread; does not block. */
  List<Listener> listeners();
}
