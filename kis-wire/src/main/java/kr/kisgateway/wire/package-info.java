/**
 * The types that both ends of the KIS wire share: registrations, execution notices, the key that
 * encrypts them, and the tables of calls and codes.
 *
 * <p>Nothing here reads or writes a message: {@code parse} reads what KIS sends, {@code print} writes it, and they are
 * independent, so that a misread of the broker's documents on one side cannot be confirmed by the other. Facts come
 * from notes on KIS's answers and from the official samples ({@code rest.json}, {@code ws.json});
 * where they differ, the notes decide. Add a code as a row of {@code codes.tsv}, a call as a line of the catalog.
 */
@NullMarked
package kr.kisgateway.wire;

import org.jspecify.annotations.NullMarked;
