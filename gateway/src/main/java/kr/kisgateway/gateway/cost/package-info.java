/** What answering a request costs: the calls to KIS that its thread makes. Used by the ports, the adapter and the audit. */
@NullMarked
package kr.kisgateway.gateway.cost;

import org.jspecify.annotations.NullMarked;
