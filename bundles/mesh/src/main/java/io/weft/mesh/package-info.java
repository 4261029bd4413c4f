/** Links and channels: picks paths and transports, keeps links alive, multiplexes, checks who may open what. */
@NullMarked
package io.weft.mesh;

import org.jspecify.annotations.NullMarked;
