/**
 * Which subscriptions KIS pushes and which are polled. KIS allows each app key one socket of 41 registrations;
 * {@link kr.kisgateway.gateway.pool.PoolCore} gives them to the demands that weigh most, slowly enough that nothing
 * flaps, and {@link kr.kisgateway.gateway.pool.PollCore} asks for the others by REST within the call budget. Both are
 * without I/O; {@link kr.kisgateway.gateway.pool.SessionPool} carries out what they decide. How KIS is asked stands in
 * {@code kis}, who listens in {@code stream}.
 */
@NullMarked
package kr.kisgateway.gateway.pool;

import org.jspecify.annotations.NullMarked;
