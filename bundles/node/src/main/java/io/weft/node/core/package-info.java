/** This node as a service: its state, how it starts and how it leaves. */
@NullMarked
package io.weft.node.core;

import org.jspecify.annotations.NullMarked;
