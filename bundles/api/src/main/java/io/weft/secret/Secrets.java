package io.weft.secret;

import java.util.Map;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** All secret sources behind one door. */
@ProviderType
public interface Secrets {

  /**
   * Resolves a reference. Any thread; may block for a few seconds. The caller closes the result.
   *
   * @throws SecretUnavailable if no source has that scheme or the source has no such secret
   */
  Secret resolve(SecretReference reference) throws SecretUnavailable;

  /** Names by scheme; never values. */
  Map<String, List<String>> names();

  /**
   * Replaces values that were resolved in this process, as text, hexadecimal or base64, by {@code ***}; those of at least eight characters,
   * and the 256 last ones. For whoever shows a text of unknown origin, such as the message of an exception; the log does it by itself. Any
   * thread.
   */
  String masked(String text);
}
