package kr.kisgateway.gateway.lease;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.database.Statements;

/** The table of leases, in PostgreSQL. All times are the database's. */
public final class LeaseStore {
    private static final String TABLE = """
            CREATE TABLE IF NOT EXISTS lease(
              name TEXT COLLATE "C" PRIMARY KEY, holder TEXT NOT NULL, node TEXT NOT NULL, address TEXT NOT NULL,
              epoch BIGINT NOT NULL, since TIMESTAMPTZ NOT NULL, expires TIMESTAMPTZ NOT NULL)
              WITH (fillfactor = 50)""";

    private static final String NODES = """
            CREATE TABLE IF NOT EXISTS node(
              id TEXT COLLATE "C" PRIMARY KEY, name TEXT COLLATE "C" NOT NULL, address TEXT NOT NULL, version TEXT NOT NULL,
              seen TIMESTAMPTZ NOT NULL) WITH (fillfactor = 50)""";

    private static final String SEE = """
            INSERT INTO node(id, run, name, address, version, candidate, seen) VALUES (?, ?, ?, ?, ?, ?, clock_timestamp())
            ON CONFLICT (id) DO UPDATE SET run = excluded.run, name = excluded.name, address = excluded.address,
              version = excluded.version, candidate = excluded.candidate, seen = excluded.seen
              WHERE excluded.run = '' OR node.run IN ('', excluded.run)
                OR node.seen < clock_timestamp() - ? * INTERVAL '1 millisecond'""";

    private static final String SEEN = """
            SELECT n.id, n.run, n.name, n.address, n.version, n.candidate, n.seen, n.seen < clock_timestamp() - ? * INTERVAL '1 millisecond'
            FROM node n WHERE n.seen > clock_timestamp() - INTERVAL '1 day' ORDER BY n.name, n.id""";

    /** A holder may take its own lease at any time: it is listed, so no other process with its id has lived for a lease. */
    private static final String ACQUIRE = """
            INSERT INTO lease AS l (name, holder, node, address, epoch, since, expires)
            VALUES (?, ?, ?, ?, 1, clock_timestamp(), clock_timestamp() + ? * INTERVAL '1 millisecond')
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, node = excluded.node, address = excluded.address,
              epoch = l.epoch + 1, since = excluded.since, expires = excluded.expires
              WHERE l.expires <= clock_timestamp() OR l.holder = excluded.holder
            RETURNING epoch""";

    private static final String RENEW = "UPDATE lease SET expires = clock_timestamp() + ? * INTERVAL '1 millisecond'"
            + " WHERE name = ? AND epoch = ?";

    private static final String RELEASE = "UPDATE lease SET expires = clock_timestamp() WHERE name = ? AND epoch = ?";

    private static final String FIND = "SELECT holder, node, address, epoch, since, expires,"
            + " expires <= clock_timestamp() FROM lease WHERE name = ?";

    /** Selects the row of a lease while it has an epoch, and keeps others from changing it until the transaction ends. */
    public static final String HELD = "SELECT 1 FROM lease WHERE name = ? AND epoch = ? FOR SHARE";

    private LeaseStore() {}

    /**
     * Verifies that {@code lease} is held, and keeps others from taking it until the transaction of {@code connection} ends.
     *
     * @throws LeaseLostException when another has it, or had it since
     */
    public static void requireHeld(Connection connection, Lease lease) throws SQLException {
        requireRow(connection, HELD, lease);
    }

    /**
     * The same, when no other transaction of the holder runs any more: one whose client has gone may still be committing.
     *
     * @throws LeaseLostException when another has it, or had it since
     */
    public static void requireHeldAlone(Connection connection, Lease lease) throws SQLException {
        requireRow(connection, "SELECT 1 FROM lease WHERE name = ? AND epoch = ? FOR UPDATE", lease);
    }

    private static void requireRow(Connection connection, String sql, Lease lease) throws SQLException {
        try (var select = connection.prepareStatement(sql)) {
            select.setString(1, lease.name());
            select.setLong(2, lease.epoch());
            try (var row = select.executeQuery()) {
                if (!row.next()) {
                    lease.lose();
                    throw new LeaseLostException(lease);
                }
            }
        }
    }

    /** Creates the tables. */
    public static void create(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(TABLE);
            statement.execute(NODES);
            // A gateway of the release before does not write it.
            Statements.addColumn(connection, "node", "candidate", "BOOLEAN NOT NULL DEFAULT TRUE");
            Statements.addColumn(connection, "node", "run", "TEXT NOT NULL DEFAULT ''");
            statement.execute("DELETE FROM node WHERE seen < clock_timestamp() - INTERVAL '30 days'");
        }
    }

    /**
     * Records that a node lives.
     *
     * @param silence after which another process with its id counts as dead
     * @return whether it is listed; false while another process with its id is
     */
    static boolean see(Connection connection, LeaseNode node, Duration silence) throws SQLException {
        try (var see = connection.prepareStatement(SEE)) {
            see.setString(1, node.id());
            see.setString(2, node.run());
            see.setString(3, node.name());
            see.setString(4, node.address());
            see.setString(5, node.version());
            see.setBoolean(6, node.candidate());
            see.setLong(7, silence.toMillis());
            return see.executeUpdate() == 1;
        }
    }

    /** The nodes that lived within a day, by name; one that was silent for {@code silence} is silent. */
    static List<SeenNode> nodes(Connection connection, Duration silence) throws SQLException {
        try (var select = connection.prepareStatement(SEEN)) {
            select.setLong(1, silence.toMillis());
            var nodes = new ArrayList<SeenNode>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    nodes.add(new SeenNode(
                            new LeaseNode(
                                    row.getString(1),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getBoolean(6)),
                            instant(row.getObject(7, OffsetDateTime.class)),
                            row.getBoolean(8)));
                }
            }
            return nodes;
        }
    }

    /** Forgets a node that ends; one that dies stays, silent. */
    static void forget(Connection connection, LeaseNode node) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM node WHERE id = ? AND run = ?")) {
            delete.setString(1, node.id());
            delete.setString(2, node.run());
            delete.executeUpdate();
        }
    }

    /** The time by the database's clock. */
    public static Instant now(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            return instant(row.getObject(1, OffsetDateTime.class));
        }
    }

    /**
     * Takes a lease that no other has, or whose time is over; the epoch of the new ownership, or empty while another has it.
     *
     * @param node the holder: one with the same id may take it again
     */
    static OptionalLong acquire(Connection connection, String name, LeaseNode node, Duration ttl) throws SQLException {
        try (var acquire = connection.prepareStatement(ACQUIRE)) {
            acquire.setString(1, name);
            acquire.setString(2, node.id());
            acquire.setString(3, node.name());
            acquire.setString(4, node.address());
            acquire.setLong(5, ttl.toMillis());
            try (var row = acquire.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /** Extends a lease; false when another has had it since. */
    static boolean renew(Connection connection, Lease lease, Duration ttl) throws SQLException {
        try (var renew = connection.prepareStatement(RENEW)) {
            renew.setLong(1, ttl.toMillis());
            renew.setString(2, lease.name());
            renew.setLong(3, lease.epoch());
            return renew.executeUpdate() == 1;
        }
    }

    /** Ends a lease at once, so that another can take it. */
    static void release(Connection connection, Lease lease) throws SQLException {
        try (var release = connection.prepareStatement(RELEASE)) {
            release.setString(1, lease.name());
            release.setLong(2, lease.epoch());
            release.executeUpdate();
        }
    }

    /** Who has a lease, or had it last. */
    public static Optional<LeaseHolder> find(Connection connection, String name) throws SQLException {
        try (var select = connection.prepareStatement(FIND)) {
            select.setString(1, name);
            try (var row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new LeaseHolder(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getLong(4),
                                instant(row.getObject(5, OffsetDateTime.class)),
                                instant(row.getObject(6, OffsetDateTime.class)),
                                row.getBoolean(7)))
                        : Optional.empty();
            }
        }
    }

    private static Instant instant(OffsetDateTime time) {
        return time.toInstant();
    }
}
