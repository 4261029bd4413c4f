/** How links carry bytes: the SPI of transports and the fast view of channels, in Netty buffers so that nothing is copied. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.transport;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
