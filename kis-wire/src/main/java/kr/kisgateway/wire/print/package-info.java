/**
 * What goes out on the wire, written byte for byte: a client's registrations, and, for a server that speaks KIS, the
 * acknowledgements, keep-alives and data frames in every layout seen on live sockets.
 *
 * <p>Column orders are written down here once more from the protocol notes, on purpose: nothing in this package may look
 * at the parser.
 */
@NullMarked
package kr.kisgateway.wire.print;

import org.jspecify.annotations.NullMarked;
