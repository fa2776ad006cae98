package kr.kisgateway.gateway.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import kr.kisgateway.gateway.database.Postgres;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the owner of the accounts runs with, in the database: gateways that wait must run with the same. */
public final class IdentityStore {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.cluster");

    /**
     * What the gateways of a cluster have in common. Nothing in it reveals a secret or an account number.
     *
     * @param masterKey derived from the master key
     * @param account derived from the number of the first account and the master key
     * @param appKeys ids of the app keys; gateways may differ in them while they are replaced one after the other
     */
    public record Identity(String masterKey, String account, String appKeys) {}

    private final Postgres postgres;

    public IdentityStore(Postgres postgres) {
        this.postgres = postgres;
    }

    /** Creates the table. */
    static void create(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS owner_identity(one BOOLEAN PRIMARY KEY CHECK (one),"
                            + " epoch BIGINT NOT NULL, master_key TEXT NOT NULL, account TEXT NOT NULL, app_keys TEXT NOT NULL)");
        }
    }

    /** Records what the owner of {@code epoch} runs with. A database that fails here leaves the record of its predecessor. */
    public void write(long epoch, Identity identity) {
        try (var connection = postgres.connect();
                var write = connection.prepareStatement("INSERT INTO owner_identity(one, epoch, master_key, account,"
                        + " app_keys) VALUES (TRUE, ?, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch,"
                        + " master_key = excluded.master_key, account = excluded.account, app_keys = excluded.app_keys"
                        + " WHERE owner_identity.epoch <= excluded.epoch")) {
            write.setLong(1, epoch);
            write.setString(2, identity.masterKey());
            write.setString(3, identity.account());
            write.setString(4, identity.appKeys());
            write.executeUpdate();
        } catch (SQLException e) {
            LOG.warn("owner_identity_not_written cause=\"{}\"", e.getMessage());
        }
    }

    /** What the owner of {@code epoch} runs with; empty when it has not recorded that. */
    public Optional<Identity> find(long epoch) {
        try (var connection = postgres.connect();
                var find = connection.prepareStatement(
                        "SELECT master_key, account, app_keys FROM owner_identity WHERE epoch = ?")) {
            find.setLong(1, epoch);
            try (var row = find.executeQuery()) {
                return row.next()
                        ? Optional.of(new Identity(row.getString(1), row.getString(2), row.getString(3)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw postgres.failure(e);
        }
    }
}
