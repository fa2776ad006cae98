package kr.kisgateway.gateway;

import java.util.concurrent.CompletableFuture;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseCheck;

/**
 * App keys, accounts and the journal of a database, owned by this gateway.
 *
 * @param lease which is renewed until it is closed or lost
 * @param lost completes when another gateway has taken the lease
 */
record Ownership(Membership member, Lease lease, CompletableFuture<Void> lost) implements AutoCloseable {
    Postgres postgres() {
        return member.postgres();
    }

    /** The stores in the database, which this gateway changes only while it holds the lease. */
    StoreDatabase stores() {
        return StoreDatabase.schema(postgres(), new LeaseCheck(lease));
    }

    /** Gives the lease back, after everything that needs it has ended. */
    @Override
    public void close() {
        member.keeper().close();
    }
}
