/**
 * KIS's answers, shared by all callers: {@link kr.kisgateway.gateway.cache.AnswerCache} decides for prices, books, charts and
 * market-wide figures when an answer comes from memory, from another gateway or from one call. Independent of the data: each
 * capability defines its answers and failures.
 */
@NullMarked
package kr.kisgateway.gateway.cache;

import org.jspecify.annotations.NullMarked;
