/** A PostgreSQL for plugins that keep books: transactions with an outcome, and schemas that are brought up to date. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
