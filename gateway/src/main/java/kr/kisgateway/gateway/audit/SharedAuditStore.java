package kr.kisgateway.gateway.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kr.kisgateway.gateway.audit.AuditStore.Conditions;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.RowBatch;
import kr.kisgateway.gateway.database.RowBatch.Column;
import kr.kisgateway.gateway.database.Statements;
import kr.kisgateway.gateway.database.StoreConnection;
import kr.kisgateway.gateway.database.StoreConnection.Layout;
import kr.kisgateway.gateway.database.StoreDatabase;

/**
 * Copies of the audits of all gateways that share a schema of PostgreSQL. A gateway adds rows to its own chains alone; every gateway
 * reads all. Used by one thread at a time.
 */
final class SharedAuditStore implements AutoCloseable {
    private static final Layout LAYOUT = Layout.of(1);

    private static final List<Column> ROW = ofChain(AuditStore.COLUMNS);
    private static final List<Column> SIGNATURE = ofChain(AuditStore.CHECKPOINT_COLUMNS);

    private static final String EXISTS = "ON CONFLICT (chain, seq) DO NOTHING";

    /** As old as the last row of a sealed file that its gateway removes, by the database's clock: that of one gateway may be wrong. */
    private static final String OLD = "at_ms < (extract(epoch FROM now() - interval '" + (AuditArchiver.KEEP_MONTHS + 2)
            + " months') * 1000)::bigint";

    private static final String CHAINS = "SELECT chain, gateway, before_seq, before_hash,"
            + " coalesce(r.seq, before_seq) AS last_seq, coalesce(r.hash, before_hash) AS last_hash FROM audit_chain c"
            + " LEFT JOIN LATERAL (SELECT seq, hash, at_ms FROM audit_row r WHERE r.chain = c.chain ORDER BY seq DESC"
            + " LIMIT 1) r ON true WHERE gateway = ? ORDER BY coalesce(r.at_ms, begun_ms) DESC, chain DESC";

    /** Of SQL: the server ended a statement that took too long. */
    private static final String TOO_LONG = "57014";

    private final StoreDatabase database;
    private final StoreConnection connection;

    /**
     * A chain, which begins with the first row that was copied.
     *
     * @param gateway whose audit it is
     * @param before where the chain was before that row
     * @param last the last row that was copied
     */
    record Chain(long id, String gateway, AuditStore.Head before, AuditStore.Head last) {
        private Chain upTo(AuditRow row) {
            return new Chain(id, gateway, before, new AuditStore.Head(row.seq(), row.hash()));
        }
    }

    /** A row of a gateway, with its place among those of all. */
    record Placed(String gateway, Place place, AuditRow row) {}

    /**
     * A place among the rows of all gateways, which are ordered by time.
     *
     * @param id distinguishes rows of the same millisecond
     */
    record Place(long atMillis, long id) {
        /** After every row. */
        static final Place END = new Place(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private static List<Column> ofChain(List<Column> columns) {
        return Stream.concat(Stream.of(Column.integer("chain")), columns.stream())
                .toList();
    }

    private SharedAuditStore(StoreDatabase database) {
        this.database = database;
        this.connection = new StoreConnection(database, Postgres::limitStatements);
    }

    /** Whether a failure reports that a search took too long. */
    static boolean isTooLong(AuditException failure) {
        return failure.getCause() instanceof SQLException cause && TOO_LONG.equals(cause.getSQLState());
    }

    /** Opens the tables, which are created if they do not exist. */
    static SharedAuditStore open(StoreDatabase database) {
        var store = new SharedAuditStore(database);
        try {
            store.connection.migrate(
                    "audit",
                    LAYOUT,
                    version -> "a newer release wrote it (version " + version + "); use that release",
                    (it, version) -> store.migrate(it, version));
            return store;
        } catch (SQLException e) {
            store.close();
            throw store.failure(e);
        }
    }

    /** Opens the tables for queries; empty where there are none. */
    static Optional<SharedAuditStore> openForReading(StoreDatabase database) {
        var store = new SharedAuditStore(database);
        try {
            if (store.query(it -> database.dialect().hasTable(it, "audit_chain"))) {
                return Optional.of(store);
            }
        } catch (AuditException e) {
            store.close();
            throw e;
        }
        store.close();
        return Optional.empty();
    }

    private void migrate(Connection opened, int version) throws SQLException {
        if (version > 0) {
            return;
        }
        var dialect = database.dialect();
        Statements.execute(
                opened,
                dialect.createTable(
                        "audit_chain",
                        "chain " + dialect.identity() + ", gateway TEXT NOT NULL, begun_ms INTEGER NOT NULL,"
                                + " before_seq INTEGER NOT NULL, before_hash BLOB NOT NULL"),
                dialect.createTable(
                        "audit_row",
                        "id " + dialect.identity() + ", chain INTEGER NOT NULL, " + AuditStore.ROW_DEFINITION
                                + ", UNIQUE (chain, seq)"),
                "CREATE INDEX audit_row_time ON audit_row(at_ms, id)",
                "CREATE INDEX audit_row_trace ON audit_row(trace_id) WHERE trace_id <> ''",
                dialect.createTable(
                        "audit_signature",
                        "chain INTEGER, seq INTEGER, at_ms INTEGER NOT NULL, hash BLOB NOT NULL,"
                                + " public_key BLOB NOT NULL, signature BLOB NOT NULL, PRIMARY KEY (chain, seq)"));
    }

    /** The chains of {@code gateway}, the one with the newest row first. */
    List<Chain> chainsOf(String gateway) {
        return query(it -> chainsOf(it, gateway));
    }

    private static List<Chain> chainsOf(Connection connection, String gateway) throws SQLException {
        try (var select = connection.prepareStatement(CHAINS)) {
            select.setString(1, gateway);
            return list(select, SharedAuditStore::chain);
        }
    }

    /** The names of all gateways that have a chain. */
    List<String> gateways() {
        return query(it -> {
            try (var select = it.prepareStatement("SELECT DISTINCT gateway FROM audit_chain ORDER BY gateway")) {
                return list(select, row -> row.getString(1));
            }
        });
    }

    /**
     * Begins a chain behind {@code before}.
     *
     * @param known how many chains the gateway is known to have
     * @throws AuditException when it has others meanwhile, of which one may be that of the same folder
     */
    Chain begin(String gateway, Instant at, AuditStore.Head before, int known) {
        return change(it -> {
            try (var lock = it.prepareStatement("SELECT pg_advisory_xact_lock(hashtext('audit ' || ?))")) {
                lock.setString(1, gateway);
                lock.execute();
            }
            if (chainsOf(it, gateway).size() != known) {
                throw new SQLException("another process of " + gateway + " began to copy, too");
            }
            try (var insert = it.prepareStatement("INSERT INTO audit_chain(gateway, begun_ms, before_seq, before_hash)"
                    + " VALUES (?, ?, ?, ?) RETURNING chain")) {
                Statements.setParameters(insert, gateway, at.toEpochMilli(), before.seq(), before.hash());
                return list(insert, row -> new Chain(row.getLong(1), gateway, before, before))
                        .getFirst();
            }
        });
    }

    /** Adds rows to a chain, and signatures; what is there already stays as it is. */
    Chain append(Chain chain, List<AuditRow> rows, List<AuditCheckpoint> signatures) {
        return change(it -> {
            try (var newRows = new RowBatch(it, "audit_row", ROW, EXISTS);
                    var newSignatures = new RowBatch(it, "audit_signature", SIGNATURE, EXISTS)) {
                for (var row : rows) {
                    newRows.add(Stream.concat(Stream.of(chain.id()), AuditStore.values(row).stream())
                            .toArray());
                }
                for (var signature : signatures) {
                    newSignatures.add(
                            chain.id(),
                            signature.seq(),
                            signature.at().toEpochMilli(),
                            signature.hash(),
                            signature.publicKey(),
                            signature.signature());
                }
                RowBatch.executeEach(List.of(newRows, newSignatures));
            }
            if (rows.isEmpty()) {
                return chain;
            }
            requireStored(it, chain, rows);
            return chain.upTo(rows.getLast());
        });
    }

    /** What was there already may be of another folder that has the chain's earlier rows, too. */
    private static void requireStored(Connection connection, Chain chain, List<AuditRow> rows) throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT hash FROM audit_row WHERE chain = ? AND seq BETWEEN ? AND ? ORDER BY seq")) {
            Statements.setParameters(
                    select, chain.id(), rows.getFirst().seq(), rows.getLast().seq());
            var stored = list(select, row -> row.getBytes(1));
            if (stored.size() != rows.size()
                    || !IntStream.range(0, rows.size())
                            .allMatch(i ->
                                    Arrays.equals(stored.get(i), rows.get(i).hash()))) {
                throw new SQLException("another process of " + chain.gateway() + " copies, too");
            }
        }
    }

    /** The last row of a chain whose signature was copied; 0 before the first. */
    long lastSignature(Chain chain) {
        return query(it -> {
            try (var select =
                    it.prepareStatement("SELECT coalesce(max(seq), 0) FROM audit_signature WHERE chain = ?")) {
                select.setLong(1, chain.id());
                return list(select, row -> row.getLong(1)).getFirst();
            }
        });
    }

    /** The rows of a chain and their signatures. */
    AuditChain chain(Chain chain) {
        return new AuditChain() {
            @Override
            public List<AuditRow> rowsAfter(long after, int limit) {
                var conditions = new Conditions();
                conditions.add("chain = ?", chain.id());
                conditions.add("seq > ?", after);
                return rows(conditions, limit);
            }

            @Override
            public List<AuditCheckpoint> checkpointsFrom(long from, int limit) {
                return query(it -> {
                    try (var select = it.prepareStatement("SELECT " + AuditStore.CHECKPOINT
                            + " FROM audit_signature WHERE chain = ? AND seq >= ? ORDER BY seq LIMIT ?")) {
                        Statements.setParameters(select, chain.id(), from, limit);
                        return list(select, AuditStore::checkpoint);
                    }
                });
            }
        };
    }

    /** The hash of a row of a chain; empty where the chain does not have it. */
    Optional<byte[]> hash(Chain chain, long seq) {
        if (seq == chain.before().seq()) {
            return Optional.of(chain.before().hash());
        }
        return query(it -> {
            try (var select = it.prepareStatement("SELECT hash FROM audit_row WHERE chain = ? AND seq = ?")) {
                Statements.setParameters(select, chain.id(), seq);
                return list(select, row -> row.getBytes(1)).stream().findFirst();
            }
        });
    }

    /** The number of the first row of a chain after the row {@code seq}. */
    OptionalLong next(Chain chain, long seq) {
        return query(it -> {
            try (var select =
                    it.prepareStatement("SELECT seq FROM audit_row WHERE chain = ? AND seq > ? ORDER BY seq LIMIT 1")) {
                Statements.setParameters(select, chain.id(), seq);
                return list(select, row -> row.getLong(1)).stream()
                        .mapToLong(Long::longValue)
                        .findFirst();
            }
        });
    }

    /** The rows of a chain after {@code after}, up to {@code last}, that {@code filter} accepts, oldest first. */
    List<AuditRow> rowsBetween(Chain chain, AuditFilter filter, long after, long last) {
        var conditions = AuditStore.conditions(filter, database.dialect());
        conditions.add("chain = ?", chain.id());
        conditions.add("seq > ?", after);
        conditions.add("seq <= ?", last);
        return rows(conditions, (int) (last - after));
    }

    private List<AuditRow> rows(Conditions conditions, int limit) {
        return query(it -> {
            try (var select = conditions.prepare(it, "SELECT " + AuditStore.ROW + " FROM audit_row", "seq", limit)) {
                return list(select, AuditStore::row);
            }
        });
    }

    /** At most {@code limit} rows of all gateways before {@code place} that {@code filter} accepts, newest first. */
    List<Placed> search(AuditFilter filter, Place place, int limit) {
        var conditions = AuditStore.conditions(filter, database.dialect());
        conditions.add("at_ms <= ?", place.atMillis());
        conditions.add("(at_ms < ?", place.atMillis());
        conditions.continueWith(" OR id < ?)", place.id());
        return query(it -> {
            try (var select = conditions.prepare(
                    it,
                    "SELECT id, gateway, " + AuditStore.ROW + " FROM audit_row JOIN audit_chain USING (chain)",
                    "at_ms DESC, id DESC",
                    limit)) {
                return list(select, row -> {
                    var found = AuditStore.row(row);
                    return new Placed(
                            row.getString("gateway"),
                            new Place(found.entry().at().toEpochMilli(), row.getLong("id")),
                            found);
                });
            }
        });
    }

    /**
     * Removes at most {@code limit} rows from the beginning of each chain that are older than what a gateway keeps.
     *
     * @return whether that may have been all
     */
    boolean removeOld(int limit) {
        boolean all = true;
        for (long chain : query(it -> {
            try (var select = it.prepareStatement("SELECT c.chain FROM audit_chain c JOIN LATERAL (SELECT at_ms FROM"
                    + " audit_row r WHERE r.chain = c.chain ORDER BY seq LIMIT 1) AS first ON true WHERE " + OLD)) {
                return list(select, row -> row.getLong(1));
            }
        })) {
            all &= removeOld(chain, limit) < limit;
        }
        return all;
    }

    private int removeOld(long chain, int limit) {
        return change(it -> {
            Optional<AuditStore.Head> last;
            // Rows of a clock that was wrong for a while may be older than those before them.
            try (var select = it.prepareStatement("SELECT seq, hash FROM (SELECT seq, hash, bool_and(" + OLD
                    + ") OVER (ORDER BY seq) AS old FROM (SELECT * FROM audit_row WHERE chain = ? ORDER BY seq LIMIT ?)"
                    + " AS first) AS marked WHERE old ORDER BY seq DESC LIMIT 1")) {
                Statements.setParameters(select, chain, limit);
                last = list(select, row -> new AuditStore.Head(row.getLong(1), row.getBytes(2))).stream()
                        .findFirst();
            }
            if (last.isEmpty()) {
                return 0;
            }
            execute(
                    it,
                    "UPDATE audit_chain SET before_seq = ?, before_hash = ? WHERE chain = ? AND before_seq < ?",
                    last.get().seq(),
                    last.get().hash(),
                    chain,
                    last.get().seq());
            execute(
                    it,
                    "DELETE FROM audit_signature WHERE chain = ? AND seq <= ?",
                    chain,
                    last.get().seq());
            return execute(
                    it,
                    "DELETE FROM audit_row WHERE chain = ? AND seq <= ?",
                    chain,
                    last.get().seq());
        });
    }

    private static int execute(Connection connection, String sql, Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            Statements.setParameters(statement, values);
            return statement.executeUpdate();
        }
    }

    private static Chain chain(ResultSet row) throws SQLException {
        return new Chain(
                row.getLong("chain"),
                row.getString("gateway"),
                new AuditStore.Head(row.getLong("before_seq"), row.getBytes("before_hash")),
                new AuditStore.Head(row.getLong("last_seq"), row.getBytes("last_hash")));
    }

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static <T> List<T> list(PreparedStatement statement, RowReader<T> reader) throws SQLException {
        var found = new ArrayList<T>();
        try (var row = statement.executeQuery()) {
            while (row.next()) {
                found.add(reader.read(row));
            }
        }
        return found;
    }

    private <T> T query(StoreConnection.Work<T> work) {
        try {
            return connection.query(work);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private <T> T change(StoreConnection.Work<T> work) {
        try {
            return connection.change(work);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private AuditException failure(SQLException e) {
        return new AuditException("The audit in " + database.description() + " cannot be used: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }
}
