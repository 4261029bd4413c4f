/** Tells a URL when the balance of an account has become low. */
@NullMarked
package org.example.lowbalance;

import org.jspecify.annotations.NullMarked;
