package io.weft.plugin;

import java.nio.file.Path;

/**
 * A jar of a catalogue on this machine, with the size and hash that the index says. It is not installed.
 *
 * @param jar in the staging folder of the node, readable by its user only; stays until it is fetched anew or the folder is cleaned at a
 *     start, so who needs it for longer copies it
 * @param verdict whether it may run; may well be refused
 */
public record StagedPlugin(PluginInfo info, Path jar, PluginVerdict verdict) {}
