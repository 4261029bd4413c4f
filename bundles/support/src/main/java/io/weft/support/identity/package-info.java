/** Ed25519 keys, their self-signed certificates, and how a formation secret leads to them. Needs BouncyCastle. */
@NullMarked
package io.weft.support.identity;

import org.jspecify.annotations.NullMarked;
