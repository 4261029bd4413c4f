/** Plugins: which there are, and which may run. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.plugin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
