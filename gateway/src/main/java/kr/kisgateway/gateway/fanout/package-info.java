/**
 * What the owner of a cluster sends the gateways that serve readers beside it: market data, the session's state, alerts, and when to
 * read the journal. One connection for each of them, by the port of the API.
 */
@NullMarked
package kr.kisgateway.gateway.fanout;

import org.jspecify.annotations.NullMarked;
