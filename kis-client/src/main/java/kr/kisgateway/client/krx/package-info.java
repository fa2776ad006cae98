/**
 * The Korea Exchange's own Open API: daily figures of every stock, ETF and index, and base information, as the exchange
 * published them. A day's figures come the day after; there are no books, no minutes and no current prices here.
 *
 * <p>{@link kr.kisgateway.client.krx.KrxClient} is the entry point. Every answer is one service's entire file of one day, so a
 * price costs as much as all of them: cache the answers. A failure is a value
 * ({@link kr.kisgateway.client.krx.KrxReply.Failed}); an empty list is none: the exchange was closed that day, or has not
 * published it yet.
 */
@NullMarked
package kr.kisgateway.client.krx;

import org.jspecify.annotations.NullMarked;
