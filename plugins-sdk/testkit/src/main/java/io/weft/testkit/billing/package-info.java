/** What everything that plugs into billing keeps to. */
@NullMarked
package io.weft.testkit.billing;

import org.jspecify.annotations.NullMarked;
