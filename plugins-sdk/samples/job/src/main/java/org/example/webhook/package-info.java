/** A job that calls a URL on schedule. */
@NullMarked
package org.example.webhook;

import org.jspecify.annotations.NullMarked;
