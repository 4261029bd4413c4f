/**
 * Signals as they travel: signed by their sender, checked by whoever gets them, worth nothing to anybody between. Also
 * what broker and client share to count and to limit.
 */
@NullMarked
package io.weft.support.signal;

import org.jspecify.annotations.NullMarked;
