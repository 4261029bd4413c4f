/** What is known of the links of this node, for people and for tools. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.link;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
