/**
 * Messages on the wire, written byte for byte: a client's registrations, and, for a server with KIS's protocol, the
 * acknowledgements, keep-alives and data frames in every layout observed on live sockets.
 *
 * <p>Column orders are repeated here from the protocol notes, on purpose: nothing in this package may use
 * the parser.
 */
@NullMarked
package kr.kisgateway.wire.print;

import org.jspecify.annotations.NullMarked;
