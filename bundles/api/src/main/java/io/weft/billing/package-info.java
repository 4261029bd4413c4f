/** Money: accounts, an append-only ledger that cannot charge twice, and what plugins add to it. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.billing;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
