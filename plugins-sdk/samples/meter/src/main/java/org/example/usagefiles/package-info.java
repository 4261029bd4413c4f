/** A meter: usage per account from a CSV file for each hour. */
@NullMarked
package org.example.usagefiles;

import org.jspecify.annotations.NullMarked;
