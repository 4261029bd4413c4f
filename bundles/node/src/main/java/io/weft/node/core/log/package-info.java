/** Log levels of the back end. */
@NullMarked
package io.weft.node.core.log;

import org.jspecify.annotations.NullMarked;
