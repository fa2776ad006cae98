/**
 * Many questions at once: the prices of all stocks, the charts of many. {@link kr.kisgateway.client.batch.Batch} asks with a
 * bounded number of virtual threads at the pace that the call budget allows, in its last lane, so that orders and single
 * questions go first. What fails for one symbol is told for that symbol and takes no other with it.
 */
@NullMarked
package kr.kisgateway.client.batch;

import org.jspecify.annotations.NullMarked;
