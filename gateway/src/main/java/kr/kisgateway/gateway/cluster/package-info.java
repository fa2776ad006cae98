/** Several gateways that share a database: what one that waits answers, and what an owner shows of the others. */
@NullMarked
package kr.kisgateway.gateway.cluster;

import org.jspecify.annotations.NullMarked;
