package io.weft.coordination;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A lease as others see it.
 *
 * @param owner the node that holds it
 * @param since when it won, by its own wall clock
 * @param ttl how long it stays taken after its holder is gone, at least
 * @param remaining until when it is held if no renewal succeeds; known of leases of this node only
 */
public record LeaseInfo(String name, String owner, long token, Instant since, Duration ttl, Optional<Duration> remaining) {}
