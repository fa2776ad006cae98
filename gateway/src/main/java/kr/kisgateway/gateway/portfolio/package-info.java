/**
 * The holdings of the account, as reported by KIS (inquire-balance). {@link kr.kisgateway.gateway.portfolio.Portfolio}
 * requests them at most once a second for all callers and invalidates the answer after a fill; it never guesses: without
 * an answer the holdings are {@code Unknown}, and unknown counts as unsafe for a sale. KIS is accessed only through
 * {@link kr.kisgateway.gateway.portfolio.PortfolioSource}.
 */
@NullMarked
package kr.kisgateway.gateway.portfolio;

import org.jspecify.annotations.NullMarked;
