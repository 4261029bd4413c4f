/** Writes to and reads from the store of a node, at a pace, and keeps a record of it. */
@NullMarked
package org.example.load;

import org.jspecify.annotations.NullMarked;
