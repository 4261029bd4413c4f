/** Notes that two nodes exchange before they have a path to each other. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.signaling;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
