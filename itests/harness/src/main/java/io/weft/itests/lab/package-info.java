/** Networks with NAT and faults; see itests/natlab. */
@NullMarked
package io.weft.itests.lab;

import org.jspecify.annotations.NullMarked;
