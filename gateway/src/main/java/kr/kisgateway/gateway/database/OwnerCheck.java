package kr.kisgateway.gateway.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Whether this process may change a store. Each change executes it at the beginning of its own transaction, so that what it found
 * is still true when the transaction ends.
 */
@FunctionalInterface
public interface OwnerCheck {
    /**
     * Returns when the change may go on; every exception refuses it.
     *
     * @throws SQLException when the database does not answer
     */
    void check(Connection connection) throws SQLException;

    /** For stores that every process may change. */
    static OwnerCheck none() {
        return _ -> {};
    }
}
