package kr.kisgateway.gateway;

import java.util.concurrent.CompletableFuture;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.lease.Lease;

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

    /** Gives the lease back, after everything that needs it has ended. */
    @Override
    public void close() {
        member.keeper().close();
    }
}
