/** A job of several steps, each of which carries the fencing token to where its effect is. */
@NullMarked
package org.example.steps;

import org.jspecify.annotations.NullMarked;
