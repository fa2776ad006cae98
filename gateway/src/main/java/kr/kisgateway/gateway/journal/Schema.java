package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import kr.kisgateway.gateway.database.Dialect;
import kr.kisgateway.gateway.database.PostgresAddress;
import kr.kisgateway.gateway.database.Statements;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * The tables of the journal's file, their versions, and the migrations from older versions.
 *
 * <p>A migration is one transaction after a verified backup: a start that dies anywhere in between leaves the file
 * unchanged. Events are never changed by a migration. An event keeps its form and its checksum, and every reader
 * supports all versions.
 */
final class Schema {
    /** Version of the tables that this release writes. */
    static final int VERSION = 3;
    /**
     * The oldest schema whose releases can use the tables of this one: they find every table and column that they use, and everything
     * else has a default. So the owner of a database may be of the release before.
     */
    static final int READABLE_FROM = VERSION;
    /** Name of the journal's random id in the header. */
    static final String ID = "journal_id";
    /** Name of the version of the tables in the header; a copy gets it last. */
    static final String SCHEMA = "schema";
    /** Name of {@link #READABLE_FROM} in the header of a journal in a database. */
    static final String READABLE = "readable_from";
    /** Name of the environment in the header. */
    static final String ENVIRONMENT = "environment";

    /** The journal's own tables beside the header, in the order in which a copy writes them. */
    static final List<String> TABLES = List.of("journal", "streams", "pruned", "pruned_links");

    private static final String HEADER_TABLE = "header";
    private static final String HEADER = "name TEXT PRIMARY KEY, value TEXT NOT NULL";

    private static final String JOURNAL = "stream TEXT NOT NULL, seq INTEGER NOT NULL, at_us INTEGER NOT NULL,"
            + " trading_day TEXT NOT NULL, type TEXT NOT NULL, v INTEGER NOT NULL, fence INTEGER NOT NULL,"
            + " subject TEXT NOT NULL, payload TEXT NOT NULL, crc INTEGER NOT NULL, hash BLOB,"
            + " PRIMARY KEY(stream, seq)";

    private static final String SUBJECTS = "CREATE INDEX IF NOT EXISTS journal_subject ON journal(subject, seq)";

    /** Entries about a stream and not about one order: finds the last ones of a type among any number of others. */
    private static final String TYPES =
            "CREATE INDEX IF NOT EXISTS journal_types ON journal(type, seq) WHERE subject = stream";

    /** The same by the idempotency key that some of them carry. */
    private static final String TYPE_KEYS =
            "CREATE INDEX IF NOT EXISTS journal_type_keys ON journal(type, %s) WHERE subject = stream";

    /** Last position of each stream: finding it in the journal would read an index of every event ever written. */
    private static final String STREAMS = "stream TEXT PRIMARY KEY, last_seq INTEGER NOT NULL";

    /** How many events of each stream were pruned, and the last of their positions. */
    private static final String PRUNED = "stream TEXT PRIMARY KEY, entries INTEGER NOT NULL, last_seq INTEGER NOT NULL";

    /** The changes of each version to the journal's own tables; the capabilities have theirs in {@link Journal.Tables}. */
    private static final List<Migration> MIGRATIONS = List.of(
            new Migration(
                    1,
                    connection -> Statements.execute(
                            connection,
                            Dialect.SQLITE.createTable("streams", STREAMS),
                            "INSERT INTO streams SELECT stream, max(seq) FROM journal GROUP BY stream")),
            new Migration(
                    2,
                    connection -> JournalChain.addHashes(
                            connection, header(connection, ID).orElseThrow())));

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.journal");

    private Schema() {}

    private record Migration(int from, Journal.Work change) {}

    /**
     * Creates the tables of a new file, or migrates those of an old one to {@link #VERSION}.
     *
     * @throws JournalException when the file belongs to another environment or a newer release, or when its backup fails; it
     *     was not changed then
     */
    static void createOrMigrate(
            Connection connection, Path file, String environment, Journal.Tables tables, InstantSource clock)
            throws SQLException {
        Optional<String> schema = header(connection, SCHEMA);
        int found = schema.map(Integer::parseInt).orElse(VERSION);
        requireComplete(connection);
        if (found > VERSION) {
            throw new JournalException("the journal was written by a newer release (schema " + found
                    + ", this one supports " + VERSION + "): start that release");
        }
        header(connection, ENVIRONMENT)
                .filter(owner -> !owner.equals(environment))
                .ifPresent(owner -> {
                    throw new JournalException("the journal belongs to environment '" + owner + "', not '" + environment
                            + "': use another GATEWAY_DATA_DIR");
                });
        if (found < VERSION) {
            Path backup = backup(connection, file, found, clock);
            LOG.info("journal_migration from={} to={} backup={}", found, VERSION, backup.getFileName());
        }
        connection.setAutoCommit(false);
        try {
            createHeader(connection);
            for (int from = found; from < VERSION; from++) {
                for (Migration migration : MIGRATIONS) {
                    if (migration.from() == from) {
                        migration.change().run(connection);
                    }
                }
                tables.migrate(connection, from);
            }
            createTables(connection, tables);
            setHeader(connection, SCHEMA, Integer.toString(VERSION));
            setHeader(connection, ENVIRONMENT, environment);
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            if (e instanceof SQLException && found < VERSION) {
                throw new JournalException(
                        "the journal cannot be migrated from schema " + found + " to " + VERSION
                                + "; it is as it was, and a backup lies beside it: " + e.getMessage(),
                        e);
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /**
     * Creates the tables of a new journal in PostgreSQL; those of a newer release that this one can use stay as they are. Takes part in
     * the caller's transaction, which holds the lease.
     *
     * @throws JournalException when it belongs to another environment, has not the schema of this release, or is an unfinished copy
     */
    static void create(Connection connection, String environment, Journal.Tables tables) throws SQLException {
        int found = requireUsable(connection);
        if (found != 0 && found < VERSION) {
            throw new JournalException("the journal in the database has schema " + found + " and this release "
                    + VERSION + ": this release cannot migrate it");
        }
        if (found != 0) {
            requireEnvironment(connection, environment);
        }
        if (found > VERSION) {
            return;
        }
        createHeader(connection);
        createTables(connection, tables);
        setHeader(connection, SCHEMA, Integer.toString(VERSION));
        int before = header(connection, READABLE).map(Integer::parseInt).orElse(0);
        setHeader(connection, READABLE, Integer.toString(Math.max(before, READABLE_FROM)));
        setHeader(connection, ENVIRONMENT, environment);
    }

    /**
     * Creates the tables of a journal that is a copy of {@code id}. It has no schema until {@link #finishCopy}, so that no gateway uses
     * what was copied in part. Takes part in the caller's transaction.
     */
    static void beginCopy(Connection connection, String id, String environment, Journal.Tables tables)
            throws SQLException {
        Statements.execute(connection, Dialect.of(connection).createTable(HEADER_TABLE, HEADER));
        setHeader(connection, ID, id);
        setHeader(connection, ENVIRONMENT, environment);
        createTables(connection, tables);
    }

    /** Makes a copy that is complete a journal: it gets the header of its source. Takes part in the caller's transaction. */
    static void finishCopy(Connection source, Connection copy) throws SQLException {
        try (var statement = source.createStatement();
                ResultSet row = statement.executeQuery("SELECT name, value FROM " + HEADER_TABLE)) {
            while (row.next()) {
                if (!row.getString(1).equals(READABLE)) {
                    setHeader(copy, row.getString(1), row.getString(2));
                }
            }
        }
    }

    /** @throws JournalException when the journal is a copy that was not finished: it lacks events, orders or keys */
    private static void requireComplete(Connection connection) throws SQLException {
        if (header(connection, ID).isPresent() && header(connection, SCHEMA).isEmpty()) {
            throw new JournalException(
                    Dialect.of(connection) == Dialect.POSTGRES
                            ? "the journal in the database is a copy that was not finished: stop the gateways, and run"
                                    + " ./kis journal migrate in the data folder that has its journal.db, which continues it"
                            : "the file is a copy of a journal that was not finished: copy it again");
        }
    }

    /** Creates the table of the header, with a random id of the journal. */
    private static void createHeader(Connection connection) throws SQLException {
        Statements.execute(connection, Dialect.of(connection).createTable(HEADER_TABLE, HEADER));
        if (header(connection, ID).isEmpty()) {
            setHeader(connection, ID, UUID.randomUUID().toString());
        }
    }

    /** Creates missing tables and indexes in the form of this release. */
    private static void createTables(Connection connection, Journal.Tables tables) throws SQLException {
        var dialect = Dialect.of(connection);
        Statements.execute(
                connection,
                dialect.createTable("journal", JOURNAL),
                SUBJECTS,
                TYPES,
                TYPE_KEYS.formatted(dialect.member("payload", "key")),
                dialect.createTable("streams", STREAMS),
                dialect.createTable("pruned", PRUNED),
                JournalChain.createLinks(dialect));
        tables.create(connection);
        tables.createIndexes(connection);
    }

    /** A copy beside the file, flushed and verified, named by its version and the time. */
    private static Path backup(Connection connection, Path file, int schema, InstantSource clock) {
        Path part = file.resolveSibling(file.getFileName() + ".bak.part");
        Path backupFile = file.resolveSibling(
                file.getFileName() + ".schema" + schema + "." + STAMP.format(clock.instant()) + ".bak");
        try {
            Files.deleteIfExists(part);
            try (var vacuum = connection.prepareStatement("VACUUM INTO ?")) {
                vacuum.setString(1, part.toString());
                vacuum.execute();
            }
            flush(part, StandardOpenOption.WRITE);
            check(part, count(connection));
            Files.move(part, backupFile, StandardCopyOption.ATOMIC_MOVE);
            flush(backupFile.resolveSibling("."), StandardOpenOption.READ);
            return backupFile;
        } catch (SQLException | IOException | JournalException e) {
            try {
                Files.deleteIfExists(part);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw new JournalException(
                    "the journal must be migrated to schema " + VERSION
                            + " and cannot be backed up first, so nothing was changed: " + e.getMessage(),
                    e);
        }
    }

    /** Whether {@code copy} is sound and has as many entries as it should. */
    static void check(Path copy, long entries) throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + copy);
                var statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
                String result = row.next() ? row.getString(1) : "nothing";
                if (!result.equals("ok")) {
                    throw new JournalException("the copy is damaged: " + result);
                }
            }
            if (count(connection) != entries) {
                throw new JournalException("the copy is not complete");
            }
        }
    }

    private static long count(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM journal")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** A name is durable only when its folder is flushed too. */
    private static void flush(Path path, StandardOpenOption how) throws IOException {
        try (var channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    /**
     * The schema of a journal; 0 without one, above {@link #VERSION} where a newer release left tables that this one can use.
     *
     * @throws JournalException when this release cannot use it, or it is an unfinished copy
     */
    static int requireUsable(Connection connection) throws SQLException {
        requireComplete(connection);
        return requireReadable(connection);
    }

    /** The same of a journal that may be an unfinished copy, which has no schema. */
    static int requireReadable(Connection connection) throws SQLException {
        int schema = header(connection, SCHEMA).map(Integer::parseInt).orElse(0);
        // A file has one user, and a copy in one the tables of the release that made it.
        int readableFrom = Dialect.of(connection) == Dialect.POSTGRES
                ? header(connection, READABLE).map(Integer::parseInt).orElse(schema)
                : schema;
        if (schema > VERSION && readableFrom > VERSION) {
            throw new JournalException("the journal was written by a newer release (schema " + schema
                    + ", this one supports " + VERSION + "): use that release");
        }
        return schema;
    }

    /** The journal of a database, of this release and of {@code environment}, must be there. */
    static void requirePresent(Connection connection, PostgresAddress address, String environment) throws SQLException {
        if (requireUsable(connection) != VERSION) {
            throw new JournalException("There is no journal of this release in " + address + ".");
        }
        requireEnvironment(connection, environment);
    }

    /** @throws JournalException when the journal belongs to another environment */
    static void requireEnvironment(Connection connection, String environment) throws SQLException {
        String owner = header(connection, ENVIRONMENT).orElse("");
        if (!owner.equals(environment)) {
            throw new JournalException("the journal belongs to environment '" + owner + "', not '" + environment + "'");
        }
    }

    /** A value of the header; empty when it, or the whole table, is not there. */
    static Optional<String> header(Connection connection, String name) throws SQLException {
        if (!Dialect.of(connection).hasTable(connection, HEADER_TABLE)) {
            return Optional.empty();
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM header WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    static void setHeader(Connection connection, String name, String value) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                "INSERT INTO header(name, value) VALUES (?,?) ON CONFLICT(name) DO UPDATE SET value = excluded.value")) {
            upsert.setString(1, name);
            upsert.setString(2, value);
            upsert.executeUpdate();
        }
    }
}
