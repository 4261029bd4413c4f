/** The codec alone: what it does when nobody guards it. */
package io.weft.transport.quic.codec;
