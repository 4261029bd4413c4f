/** The command slow-links: which links answer too late. */
@NullMarked
package org.example.slowlinks;

import org.jspecify.annotations.NullMarked;
