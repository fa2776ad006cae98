/**
 * Many queries at once: the prices of all stocks, the charts of many. {@link kr.kisgateway.client.batch.Batch} uses a
 * bounded number of virtual threads at the pace that the call budget allows, in its last lane, so that orders and single
 * queries go first. The failure of one symbol is reported for that symbol and affects no other.
 */
@NullMarked
package kr.kisgateway.client.batch;

import org.jspecify.annotations.NullMarked;
