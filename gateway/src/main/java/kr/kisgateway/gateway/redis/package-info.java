/**
 * Redis, where one is set ({@code REDIS_URL}): a second cache of prices and order books, and a lock and bytes that processes
 * on several machines share. Nothing of money is kept there, and a gateway whose Redis is away goes on as if it had none.
 * {@link kr.kisgateway.gateway.redis.RedisLink} is the one connection.
 */
@NullMarked
package kr.kisgateway.gateway.redis;

import org.jspecify.annotations.NullMarked;
