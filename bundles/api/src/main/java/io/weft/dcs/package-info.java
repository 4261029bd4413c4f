/** The store that coordination stands on: keys with revisions, watches, sessions and elections, on whatever backend is there. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.dcs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
