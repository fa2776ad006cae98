/**
 * Warming: what many will ask for when the market opens is asked of KIS before, by a job in the last lane of the call budget.
 * It fills the caches that answers come from and has none of its own. {@link kr.kisgateway.gateway.warm.WarmupScheduler} begins it
 * on trading days, {@link kr.kisgateway.gateway.warm.WarmupRoutes} when somebody asks.
 */
@NullMarked
package kr.kisgateway.gateway.warm;

import org.jspecify.annotations.NullMarked;
