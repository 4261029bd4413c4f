/** A DCS on etcd 3.4 or later, through its JSON gateway. */
@NullMarked
package io.weft.dcs.etcd;

import org.jspecify.annotations.NullMarked;
