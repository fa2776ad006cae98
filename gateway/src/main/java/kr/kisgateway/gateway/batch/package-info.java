/**
 * Batches: one question about thousands of symbols, told line by line as it is known. {@link kr.kisgateway.gateway.batch.BatchRunner}
 * runs them, {@link kr.kisgateway.gateway.batch.BatchResponder} puts them on the wire. A new batch implements
 * {@link kr.kisgateway.gateway.batch.BatchKind}.
 */
@NullMarked
package kr.kisgateway.gateway.batch;

import org.jspecify.annotations.NullMarked;
