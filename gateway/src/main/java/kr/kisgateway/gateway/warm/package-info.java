/**
 * Warm-up: a job in the last lane of the call budget requests from KIS, before the market opens, data that many will request
 * then. It fills the caches that answers come from and has none of its own.
 * {@link kr.kisgateway.gateway.warm.WarmupScheduler} starts it on trading days,
 * {@link kr.kisgateway.gateway.warm.WarmupRoutes} on request.
 */
@NullMarked
package kr.kisgateway.gateway.warm;

import org.jspecify.annotations.NullMarked;
