package kr.kisgateway.gateway.lease;

import java.time.Instant;

/**
 * Who has a lease, as the database sees it.
 *
 * @param node name of the node
 * @param address where its API answers
 * @param since when it took the lease, by the database's clock
 * @param expires by the database's clock
 * @param expired whether it can be taken
 */
public record LeaseHolder(
        String id, String node, String address, long epoch, Instant since, Instant expires, boolean expired) {}
