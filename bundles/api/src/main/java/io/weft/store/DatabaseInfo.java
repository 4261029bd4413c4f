package io.weft.store;

/**
 * A database as this node sees it.
 *
 * @param embedded whether this node runs the server
 * @param address {@code host:port/database} without user or password; empty while it is not known
 * @param serverVersion such as {@code 18.6}; empty while it is not known
 * @param reachable whether it answered when it was last asked
 * @param message one line for people: what is so, and what to do if it is not reachable
 * @param active connections of the pool that are in use
 * @param idle connections of the pool that are not
 * @param indeterminate transactions since the start whose outcome nobody knows
 * @param readBack transactions since the start whose commit was not answered and that were found committed or not by asking again
 */
public record DatabaseInfo(
    boolean embedded,
    String address,
    String serverVersion,
    boolean reachable,
    String message,
    int active,
    int idle,
    long indeterminate,
    long readBack) {}
