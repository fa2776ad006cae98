/**
 * What KIS says, read into values: realtime frames, control messages, REST answers, the verdict over an order's answer.
 *
 * <p>Broken input is a value or names its field, never a surprise: a bad frame becomes a {@link
 * kr.kisgateway.wire.parse.BadFrame}, an answer nobody can judge becomes {@link
 * kr.kisgateway.wire.parse.OrderVerdict.InDoubt}. Widths are taken from the data (fields ÷ count), because KIS adds
 * trailing columns without notice.
 */
@NullMarked
package kr.kisgateway.wire.parse;

import org.jspecify.annotations.NullMarked;
