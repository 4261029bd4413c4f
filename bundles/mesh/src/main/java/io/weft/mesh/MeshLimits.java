package io.weft.mesh;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Every bound of links and channels. What both ends of a link must agree on is not here but in {@code docs/internals.md}. */
@ObjectClassDefinition(name = "Weft: mesh", description = "Links to peers and the channels on them.")
public @interface MeshLimits {

  @AttributeDefinition(description = "Most channels that each side may have opened on one link. Applies to new links.")
  int channels_max() default 256;

  @AttributeDefinition(description = "Most bytes to which the window of a channel may grow. Applies to new links.")
  int channel_window_max_bytes() default 16 * 1024 * 1024;

  @AttributeDefinition(description = "Bytes by which all windows of one link together may grow. Applies to new links.")
  long link_growth_max_bytes() default 64 * 1024 * 1024;

  @AttributeDefinition(description = "Milliseconds after which a stream whose header has not come is cut. Applies to new links.")
  long stream_header_timeout_ms() default 10_000;

  @AttributeDefinition(description = "Milliseconds after which a channel that a service has neither taken nor refused is refused."
      + " Applies to new links.")
  long channel_offer_timeout_ms() default 30_000;

  @AttributeDefinition(description = "Milliseconds that a transport may take to prove the peer; the first attempts get less, from 0.4 s on."
      + " Applies to new links.")
  long handshake_timeout_ms() default 10_000;

  @AttributeDefinition(description = "A link on which the peer has not said hello after this many milliseconds is closed."
      + " Applies to new links.")
  long hello_timeout_ms() default 5_000;

  @AttributeDefinition(description = "Milliseconds of silence after which the peer is pinged. Applies to new links.")
  long ping_interval_ms() default 2_000;

  @AttributeDefinition(description = "Milliseconds of silence after which a link is called degraded. Applies to new links.")
  long silence_degraded_ms() default 5_000;

  @AttributeDefinition(description = "Milliseconds of silence after which a link is closed. Applies to new links.")
  long silence_timeout_ms() default 12_000;

  @AttributeDefinition(description = "Most milliseconds before the first new attempt; doubled after each. Applies at once.")
  long backoff_first_ms() default 200;

  @AttributeDefinition(description = "Most milliseconds between two attempts. Applies at once.")
  long backoff_most_ms() default 15_000;

  @AttributeDefinition(description = "Milliseconds without a link after which the side that waits dials too. Applies at once.")
  long nudge_after_ms() default 3_000;

  @AttributeDefinition(description = "Datagrams that wait to be sent on one link; more are dropped. Applies to new links.")
  int datagrams_queue_max() default 1_024;

  @AttributeDefinition(description = "Most peers that links are kept to; more are ignored with a warning. Applies at once.")
  int peers_max() default 1_024;

  @AttributeDefinition(description = "Most threads that run handlers of services; channels beyond are refused. Applies at once.")
  int handler_threads_max() default 64;

  @AttributeDefinition(description = "Milliseconds between two lines of statistics in the log. Applies at once.")
  long statistics_interval_ms() default 60_000;
}
