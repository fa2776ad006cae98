/**
 * Order books (호가). {@link kr.kisgateway.gateway.orderbook.BookService} answers from the pushed book while that is live, else
 * by one REST call shared by requests within a second, else with the last known book, marked as such. KIS is accessed only
 * through {@link kr.kisgateway.gateway.orderbook.BookSource}. A call never registers anything at KIS.
 *
 * <p>Each market has a service of its own, of the same class. The push of US books has their best level alone, and answers only
 * requests for one level.
 */
@NullMarked
package kr.kisgateway.gateway.orderbook;

import org.jspecify.annotations.NullMarked;
