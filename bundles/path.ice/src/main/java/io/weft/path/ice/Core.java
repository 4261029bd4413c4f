package io.weft.path.ice;

import io.weft.node.Clock;
import io.weft.node.Timers;
import io.weft.path.DatagramPort;
import io.weft.path.ice.check.Checker;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What all sessions of a node share.
 *
 * @param loop owns the state of all sessions: the port's loop, so that what a check proved holds for the very next packet
 * @param random one that cannot be predicted
 */
record Core(
    Clock clock, Timers timers, Executor loop, RandomGenerator random, DatagramPort port, PortWire wire, StunDesk desk, Checker checker,
    Keepalive keepalive, IceCounters counters) {}
