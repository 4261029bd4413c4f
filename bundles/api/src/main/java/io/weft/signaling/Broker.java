package io.weft.signaling;

import io.weft.node.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A broker as this node sees it.
 *
 * @param up whether the last exchange with it worked
 * @param problem why not; null if up, or not tried yet
 * @param clockSkew how far its clock is ahead of ours; null if not known
 */
public record Broker(String url, boolean up, @Nullable Reason problem, @Nullable Duration clockSkew) {}
