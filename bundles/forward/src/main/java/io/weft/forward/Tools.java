package io.weft.forward;

import io.weft.node.Clock;
import io.weft.node.Timers;
import io.weft.transport.RawChannels;
import java.util.function.Supplier;

/** What every forward and exposed service works with. */
record Tools(
    RawChannels channels,
    Sockets sockets,
    Clock clock,
    Timers timers,
    Supplier<Limits> limits,
    PeerChoice choice,
    VirtualAddresses addresses,
    Census census,
    Counters counters) {}
