/** Whose code may run in a node: the one gate that every bundle passes, whichever way it came in. */
package io.weft.launcher.trust;
