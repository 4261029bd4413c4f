/** Who acts: leases, groups and jobs, on whatever DCS is there. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.coordination;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
