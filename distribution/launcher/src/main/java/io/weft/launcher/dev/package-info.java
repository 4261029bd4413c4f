/** {@code weft dev}: for those who write a plugin, nodes that take each build of it as soon as a file is saved. */
package io.weft.launcher.dev;
