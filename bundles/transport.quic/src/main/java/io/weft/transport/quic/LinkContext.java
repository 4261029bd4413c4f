package io.weft.transport.quic;

import io.netty.channel.EventLoop;
import io.weft.node.Clock;
import io.weft.node.Timers;

/** What all links of a port use. */
record LinkContext(EventLoop loop, Clock clock, Timers timers, Counters counters) {}
