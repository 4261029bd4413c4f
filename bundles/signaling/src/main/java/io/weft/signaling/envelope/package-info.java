/** Signals as they travel: signed by their sender, checked by whoever gets them, worth nothing to anybody between. */
@NullMarked
package io.weft.signaling.envelope;

import org.jspecify.annotations.NullMarked;
