/**
 * One call to KIS for simultaneous equal requests ({@link kr.kisgateway.gateway.cache.SingleFlight}), and caches of its
 * answers. Independent of the data: each capability defines its answers and failures.
 */
@NullMarked
package kr.kisgateway.gateway.cache;

import org.jspecify.annotations.NullMarked;
