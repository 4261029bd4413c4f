/** A rating plan: tiers of a price each, from the configuration. */
@NullMarked
package org.example.tierplan;

import org.jspecify.annotations.NullMarked;
