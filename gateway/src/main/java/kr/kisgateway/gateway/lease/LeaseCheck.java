package kr.kisgateway.gateway.lease;

import java.sql.Connection;
import java.sql.SQLException;
import kr.kisgateway.gateway.database.OwnerCheck;

/**
 * Lets only the holder of a lease change a store: the row of the lease is locked until the change is committed. A former holder,
 * however late it wakes up, changes nothing, and its lease is lost from then on.
 */
public record LeaseCheck(Lease lease) implements OwnerCheck {
    /** @throws LeaseLostException when another process has the lease, or had it since */
    @Override
    public void check(Connection connection) throws SQLException {
        LeaseStore.requireHeld(connection, lease);
    }
}
