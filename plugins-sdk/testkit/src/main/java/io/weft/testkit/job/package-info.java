/** What every job keeps to, and runs that a test hands out. */
@NullMarked
package io.weft.testkit.job;

import org.jspecify.annotations.NullMarked;
