package io.weft.coordination;

/**
 * A number of a group.
 *
 * @param instance who has it, or had it last
 * @param held whether somebody has it now
 * @param token of the holder; 0 if nobody has it
 */
public record SeatInfo(String group, int ordinal, String instance, boolean held, long token) {}
