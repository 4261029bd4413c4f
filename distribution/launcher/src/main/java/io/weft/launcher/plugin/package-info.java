/** For authors of plugins: a new project, and a look at what it became, without a node or a network. */
package io.weft.launcher.plugin;
