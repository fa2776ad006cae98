/**
 * The words that both ends of the KIS wire share: what can be registered, what an execution notice says, the key that
 * hides it, and the tables of calls and codes.
 *
 * <p>Nothing here reads or writes a message: {@code parse} reads what KIS sends, {@code print} writes it, and neither
 * knows the other, so that a misread of the broker's documents on one side cannot be confirmed by the other. Facts come
 * from notes on how KIS answers and from the official samples ({@code rest.json}, {@code ws.json});
 * where they differ, the notes decide. Add a code as a row of {@code codes.tsv}, a call as a line of the catalog.
 */
@NullMarked
package kr.kisgateway.wire;

import org.jspecify.annotations.NullMarked;
