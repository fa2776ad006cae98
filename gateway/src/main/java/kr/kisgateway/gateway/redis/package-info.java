/**
 * Redis, where one is set ({@code REDIS_URL}): a second cache of KIS's answers, and a lock and bytes that processes on several
 * machines share. Nothing that matters lies there alone, and a gateway whose Redis is away goes on as if it had none.
 * {@link kr.kisgateway.gateway.redis.RedisLink} is the one connection, {@link kr.kisgateway.gateway.redis.RedisSharedCaches} the list
 * of what is shared.
 */
@NullMarked
package kr.kisgateway.gateway.redis;

import org.jspecify.annotations.NullMarked;
