/** What is to be known of this node as a relay for others. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.relay;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
