/** {@code weft demo}: the main job, shown on one machine with nothing but this installation. */
package io.weft.launcher.demo;
