package io.weft.path.ice.check;

import io.weft.path.CandidateKind;
import java.net.InetSocketAddress;

/** @param priority as RFC 8445, section 5.1.2, has it */
public record RemoteAddress(CandidateKind kind, InetSocketAddress address, long priority) {}
