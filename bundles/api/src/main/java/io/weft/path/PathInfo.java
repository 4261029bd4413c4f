package io.weft.path;

/**
 * What is to be told about a path.
 *
 * @param network as in {@link Candidate#network()}
 * @param remoteAddress host and port where packets go now
 */
public record PathInfo(String network, PathType type, CandidateKind local, CandidateKind remote, String remoteAddress) {}
