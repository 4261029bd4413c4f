/** The one log: one event, one line, safe to show. */
package io.weft.launcher.log;
