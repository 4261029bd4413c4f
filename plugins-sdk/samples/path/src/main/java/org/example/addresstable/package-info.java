/** Paths to other addresses than those that peers say. */
@NullMarked
package org.example.addresstable;

import org.jspecify.annotations.NullMarked;
