package kr.kisgateway.gateway.cache;

import java.time.Instant;

/**
 * KIS's answer to a request shared by several callers.
 *
 * @param at when KIS answered
 * @param stale whether it is the last answer, because KIS does not answer now
 */
public record Cached<V>(V value, Instant at, boolean stale) {}
