/** The client of a node's control socket. */
package io.weft.launcher.control;
