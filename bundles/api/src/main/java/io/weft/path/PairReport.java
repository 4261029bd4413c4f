package io.weft.path;

/**
 * One pair of candidates that was tried, or that was not, and why.
 *
 * @param state {@code waiting}, {@code checking}, {@code succeeded}, {@code selected}, {@code failed} or {@code filtered}
 * @param cause a stable code such as {@code no_answer}, {@code policy}, {@code filtered}, {@code turn_refused}, {@code consent_expired};
 *     empty if none
 */
public record PairReport(Candidate local, Candidate remote, String state, String cause) {}
