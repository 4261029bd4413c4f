/** This node: who it is, what time it is, how it is configured, how it feels and what it listens on. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.node;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
