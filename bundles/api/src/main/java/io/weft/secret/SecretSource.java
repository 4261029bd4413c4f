package io.weft.secret;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Where secrets of one scheme come from. Registered as a service; of two with one scheme the higher service ranking wins. */
@ConsumerType
public interface SecretSource {

  /** The scheme it answers to, as in {@code secret:<scheme>/...}. Constant. */
  String scheme();

  /**
   * Reads the secret. Any thread; may block for at most a few seconds. The caller closes the result. A value is at most 64 KiB.
   *
   * @throws SecretUnavailable if it is not there, not readable or not safely stored; the message says which and what to do,
   *     and never contains any of the secret
   */
  Secret read(String name) throws SecretUnavailable;

  /** Names that are known to exist, never values; empty if the source cannot tell. At most 1,000. */
  List<String> names();
}
