/** {@code weft.yaml}: read, checked against what the bundles declare, and given to Configuration Admin. */
@NullMarked
package io.weft.node.core.config;

import org.jspecify.annotations.NullMarked;
