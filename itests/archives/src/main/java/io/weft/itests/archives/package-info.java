/** Archives that are not what they should be, for whoever must refuse them. */
@NullMarked
package io.weft.itests.archives;

import org.jspecify.annotations.NullMarked;
