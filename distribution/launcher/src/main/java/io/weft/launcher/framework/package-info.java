/** The framework of a node: which bundles it holds, how it starts and how it ends. */
package io.weft.launcher.framework;
