/** Several gateways that share a database: what one beside the owner answers, and what each shows of the others. */
@NullMarked
package kr.kisgateway.gateway.cluster;

import org.jspecify.annotations.NullMarked;
