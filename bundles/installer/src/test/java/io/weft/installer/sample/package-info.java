/** Activators of plugins, good and bad; each goes into a jar alone. */
package io.weft.installer.sample;
