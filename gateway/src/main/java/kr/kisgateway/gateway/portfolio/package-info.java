/**
 * What the account holds, as KIS says (inquire-balance). {@link kr.kisgateway.gateway.portfolio.Portfolio} asks at most
 * once a second for everyone and forgets the answer when a fill comes; it never guesses: without an answer the
 * position is {@code Unavailable}, and unknown counts as unsafe for a sale. KIS is met only through
 * {@link kr.kisgateway.gateway.portfolio.PortfolioSource}.
 */
@NullMarked
package kr.kisgateway.gateway.portfolio;

import org.jspecify.annotations.NullMarked;
