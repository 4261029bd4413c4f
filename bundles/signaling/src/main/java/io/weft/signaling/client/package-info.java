/** Sends and gets signals: over the link to the peer if there is one, else through brokers. One loop owns all of it. */
@NullMarked
package io.weft.signaling.client;

import org.jspecify.annotations.NullMarked;
