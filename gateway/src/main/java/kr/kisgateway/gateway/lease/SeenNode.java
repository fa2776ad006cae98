package kr.kisgateway.gateway.lease;

import java.time.Instant;

/**
 * A node as the database last saw it.
 *
 * @param seen by the database's clock
 * @param silent whether it has been silent for as long as a lease lasts
 */
public record SeenNode(LeaseNode node, Instant seen, boolean silent) {}
