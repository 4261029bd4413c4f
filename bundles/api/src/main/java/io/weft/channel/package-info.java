/** Channels as services and plugin authors use them: byte streams and datagram flows to a service by name, in JDK types. */
@Export
@Version("1.0.0")
@NullMarked
package io.weft.channel;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
