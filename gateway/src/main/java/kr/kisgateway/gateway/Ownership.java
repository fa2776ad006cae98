package kr.kisgateway.gateway;

import java.util.concurrent.CompletableFuture;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseKeeper;
import kr.kisgateway.gateway.lease.LeaseNode;

/**
 * App keys, accounts and the journal of a database, owned by this gateway.
 *
 * @param data the locked folder of this node
 * @param node this gateway
 * @param lease which is renewed until it is closed or lost
 * @param lost completes when another gateway has taken the lease
 */
record Ownership(
        DataFolder data,
        LeaseNode node,
        Postgres postgres,
        LeaseKeeper keeper,
        Lease lease,
        CompletableFuture<Void> lost)
        implements AutoCloseable {
    /** Gives the lease back, after everything that needs it has ended. */
    @Override
    public void close() {
        keeper.close();
    }
}
