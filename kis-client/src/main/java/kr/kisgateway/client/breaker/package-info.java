/**
 * Circuit breakers: calls of a class are suspended while KIS does not answer them.
 */
@NullMarked
package kr.kisgateway.client.breaker;

import org.jspecify.annotations.NullMarked;
