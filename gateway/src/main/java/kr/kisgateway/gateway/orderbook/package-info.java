/**
 * Order books (호가). {@link kr.kisgateway.gateway.orderbook.BookService} answers from the pushed book while that is live, else by
 * one REST call for all who ask within a second, else with the last book known, marked as such. KIS is met only through
 * {@link kr.kisgateway.gateway.orderbook.BookSource}. A call never registers anything at KIS.
 *
 * <p>American books come from {@link kr.kisgateway.gateway.orderbook.UsBookService}; the push has their best level alone, and
 * answers only who wants no more.
 */
@NullMarked
package kr.kisgateway.gateway.orderbook;

import org.jspecify.annotations.NullMarked;
