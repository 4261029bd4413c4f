package io.weft.dcs;

/**
 * One of those who keep the store.
 *
 * @param role {@code leader}, {@code follower}, {@code learner} or {@code unknown}
 * @param behind how many changes it lacks; -1 if unknown
 * @param healthy whether it answers
 */
public record DcsMember(String name, String role, long behind, boolean healthy) {}
