/** How packets can reach a peer: candidates, paths and the one UDP port that all of them share. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.path;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
