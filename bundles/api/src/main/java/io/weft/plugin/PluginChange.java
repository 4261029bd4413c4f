package io.weft.plugin;

import java.time.Instant;

/**
 * A change that was made.
 *
 * @param id counts up
 * @param summary one line, as in its plan
 * @param outcome {@code on trial}, {@code kept}, or why it was taken back
 */
public record PluginChange(long id, Instant at, String summary, String outcome) {}
