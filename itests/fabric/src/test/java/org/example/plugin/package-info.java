/** Plugins for tests; each class goes into a jar alone. */
package org.example.plugin;
