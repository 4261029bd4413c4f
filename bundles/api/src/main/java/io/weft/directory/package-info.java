/** Who is where: the merged view of all observations. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.directory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
