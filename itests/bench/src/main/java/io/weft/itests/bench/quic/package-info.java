/** A bare stream of the QUIC codec, with the settings of our transport and nothing around it: the most that our nodes could reach. */
@NullMarked
package io.weft.itests.bench.quic;

import org.jspecify.annotations.NullMarked;
