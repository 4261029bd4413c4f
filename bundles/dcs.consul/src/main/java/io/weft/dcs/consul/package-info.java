/** A DCS on Consul, by plain HTTP. */
@NullMarked
package io.weft.dcs.consul;

import org.jspecify.annotations.NullMarked;
