/** A network with NAT, delay and loss inside one test: no sockets, time that the test moves, the same seed gives the same packets. */
@Version("1.0.0")
@NullMarked
package io.weft.testkit.network;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
