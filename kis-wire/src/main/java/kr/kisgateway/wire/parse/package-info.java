/**
 * KIS's messages, parsed into values: realtime frames, control messages, REST answers, the verdict on an order's answer.
 *
 * <p>Broken input is a value or names its field: a bad frame becomes a {@link
 * kr.kisgateway.wire.parse.BadFrame}, an inconclusive answer becomes {@link
 * kr.kisgateway.wire.parse.OrderVerdict.InDoubt}. Widths are taken from the data (fields ÷ count), because KIS adds
 * trailing columns without notice.
 */
@NullMarked
package kr.kisgateway.wire.parse;

import org.jspecify.annotations.NullMarked;
