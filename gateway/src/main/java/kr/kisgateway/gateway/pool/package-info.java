/**
 * Which subscriptions KIS pushes and which are polled. KIS allows each app key one socket of 41 registrations;
 * {@link kr.kisgateway.gateway.pool.PoolCore} allocates them to the demands that weigh most, slowly enough that nothing
 * flaps, and {@link kr.kisgateway.gateway.pool.PollCore} polls the others by REST within the call budget. Both are without
 * I/O; {@link kr.kisgateway.gateway.pool.SessionPool} carries out their decisions. Requests to KIS are in {@code kis},
 * subscribers in {@code stream}.
 */
@NullMarked
package kr.kisgateway.gateway.pool;

import org.jspecify.annotations.NullMarked;
