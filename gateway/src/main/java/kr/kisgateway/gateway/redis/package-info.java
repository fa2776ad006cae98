/**
 * Redis, where one is configured ({@code REDIS_URL}): a second-level cache of KIS's answers, and a lock and bytes shared by
 * processes on several machines. Nothing essential is stored there alone, and a gateway whose Redis is unavailable runs as
 * without one. {@link kr.kisgateway.gateway.redis.RedisLink} is the one connection,
 * {@link kr.kisgateway.gateway.redis.RedisSharedCaches} the list of shared answers.
 */
@NullMarked
package kr.kisgateway.gateway.redis;

import org.jspecify.annotations.NullMarked;
