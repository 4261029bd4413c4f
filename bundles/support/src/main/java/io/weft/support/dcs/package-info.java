/**
 * What backends of the DCS have in common: sessions that renew themselves, elections over keys, checks, and watches over
 * listings.
 */
@NullMarked
package io.weft.support.dcs;

import org.jspecify.annotations.NullMarked;
