/** The DCS that needs no server: nodes of the fabric keep the store among themselves, on Apache Ratis over fabric channels. */
@NullMarked
package io.weft.dcs.raft;

import org.jspecify.annotations.NullMarked;
