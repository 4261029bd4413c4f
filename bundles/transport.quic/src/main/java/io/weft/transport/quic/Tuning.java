package io.weft.transport.quic;

import io.weft.transport.quic.codec.EndpointSettings;
import java.util.function.UnaryOperator;

/** Changes to the codec's settings, so that a test can show what happens without one of them. */
@FunctionalInterface
interface Tuning extends UnaryOperator<EndpointSettings> {

  /** As everybody runs it. */
  Tuning GUARDED = settings -> settings;
}
