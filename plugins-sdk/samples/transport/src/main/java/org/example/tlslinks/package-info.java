/** Links over TCP with TLS, where UDP does not get through. */
@NullMarked
package org.example.tlslinks;

import org.jspecify.annotations.NullMarked;
