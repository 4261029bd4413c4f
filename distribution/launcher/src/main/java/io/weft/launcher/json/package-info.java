/** JSON, as little of it as a launcher needs. */
package io.weft.launcher.json;
