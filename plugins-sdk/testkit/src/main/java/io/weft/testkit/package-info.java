/** What whoever implements an SPI of Weft tests it with. */
@Version("1.0.0")
@NullMarked
package io.weft.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
