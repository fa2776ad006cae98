package kr.kisgateway.gateway.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import kr.kisgateway.gateway.database.DatabaseException;
import kr.kisgateway.gateway.database.Postgres;

/** What the owner of the accounts runs with, in the database: gateways that wait must run with the same. */
public final class IdentityStore {
    /**
     * What the gateways of a cluster have in common. Nothing in it reveals a secret or an account number.
     *
     * @param masterKey derived from the master key
     * @param account derived from the number of the first account and the master key
     * @param settings ids of app keys and of further accounts, each with a text derived from what it names; gateways may differ in them
     *     while they are changed one after the other
     */
    public record Identity(String masterKey, String account, String settings) {}

    /** @param epoch of the owner */
    public record Recorded(long epoch, Identity identity) {}

    private final Postgres postgres;

    public IdentityStore(Postgres postgres) {
        this.postgres = postgres;
    }

    /** Creates the table. */
    static void create(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS owner_identity(one BOOLEAN PRIMARY KEY CHECK (one),"
                            + " epoch BIGINT NOT NULL, master_key TEXT NOT NULL, account TEXT NOT NULL, settings TEXT NOT NULL)");
        }
    }

    /**
     * Records what the owner of {@code epoch} runs with.
     *
     * @throws DatabaseException when the database does not answer
     */
    public void write(long epoch, Identity identity) {
        try (var connection = postgres.connect();
                var write = connection.prepareStatement("INSERT INTO owner_identity(one, epoch, master_key, account,"
                        + " settings) VALUES (TRUE, ?, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch,"
                        + " master_key = excluded.master_key, account = excluded.account,"
                        + " settings = excluded.settings")) {
            write.setLong(1, epoch);
            write.setString(2, identity.masterKey());
            write.setString(3, identity.account());
            write.setString(4, identity.settings());
            write.executeUpdate();
        } catch (SQLException e) {
            throw postgres.failure(e);
        }
    }

    /**
     * What the owner of {@code epoch} runs with; empty when it has not recorded that.
     *
     * @throws DatabaseException when the database does not answer
     */
    public Optional<Identity> find(long epoch) {
        return last().filter(it -> it.epoch() == epoch).map(Recorded::identity);
    }

    /**
     * What was recorded last, by an owner of now or of before.
     *
     * @throws DatabaseException when the database does not answer
     */
    public Optional<Recorded> last() {
        try (var connection = postgres.connect();
                var find =
                        connection.prepareStatement("SELECT epoch, master_key, account, settings FROM owner_identity");
                var row = find.executeQuery()) {
            return row.next()
                    ? Optional.of(new Recorded(
                            row.getLong(1), new Identity(row.getString(2), row.getString(3), row.getString(4))))
                    : Optional.empty();
        } catch (SQLException e) {
            throw postgres.failure(e);
        }
    }
}
