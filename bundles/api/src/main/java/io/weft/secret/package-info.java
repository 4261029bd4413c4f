/** Secrets by reference. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.secret;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
