/**
 * Batches: one request about thousands of symbols, answered line by line. {@link kr.kisgateway.gateway.batch.BatchRunner}
 * runs them, {@link kr.kisgateway.gateway.batch.BatchResponder} writes the answer. A new batch implements
 * {@link kr.kisgateway.gateway.batch.BatchKind}.
 */
@NullMarked
package kr.kisgateway.gateway.batch;

import org.jspecify.annotations.NullMarked;
