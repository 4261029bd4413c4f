package io.weft.path.ice;

import io.weft.path.ice.check.Credentials;

/**
 * One attempt of this side. Immutable: another attempt has other credentials and a higher number.
 *
 * @param number of this side; counts up per peer, over restarts too
 * @param link what the path is for; see {@link Description#link}
 * @param answers the peer's number that it answers; 0 if it is an offer of ours
 * @param started monotonic nanoseconds
 */
record Attempt(long number, Credentials credentials, long link, long answers, long started) {

  boolean isOffer() {
    return answers == 0;
  }
}
