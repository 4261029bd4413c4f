package io.weft.coordination.engine;

import io.weft.node.Clock;
import io.weft.node.Timers;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What everything here is made with.
 *
 * @param node name of this node
 * @param executor for what returns at once
 * @param ttl of what does not say its own
 */
record Parts(CurrentDcs dcs, String node, Clock clock, Timers timers, Executor executor, Duration ttl) {}
