/** The command line, and what starts the framework. An ordinary jar on the class path: no bundle ever sees a class of it. */
package io.weft.launcher;
