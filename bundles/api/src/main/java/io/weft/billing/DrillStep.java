package io.weft.billing;

/**
 * One assertion of a drill.
 *
 * @param what must be so
 * @param seen what is so, in one line
 */
public record DrillStep(String what, boolean good, String seen) {}
