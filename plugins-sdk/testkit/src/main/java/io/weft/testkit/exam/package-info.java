/** A plugin inside a framework, with Pax Exam. */
@NullMarked
package io.weft.testkit.exam;

import org.jspecify.annotations.NullMarked;
