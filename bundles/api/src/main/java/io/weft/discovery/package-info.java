/** Where observations of peers come from. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.discovery;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
