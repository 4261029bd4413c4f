/** Peers that are written down in a CSV file. */
@NullMarked
package org.example.csvpeers;

import org.jspecify.annotations.NullMarked;
