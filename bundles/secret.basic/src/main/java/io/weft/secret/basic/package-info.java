/** Secrets from files, from the environment, and derived from the formation secret. */
@NullMarked
package io.weft.secret.basic;

import org.jspecify.annotations.NullMarked;
