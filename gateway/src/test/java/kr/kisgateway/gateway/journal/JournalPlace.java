package kr.kisgateway.gateway.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import kr.kisgateway.gateway.cluster.ClusterStore;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.PostgresAddress;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseKeeper;
import kr.kisgateway.gateway.lease.LeaseNode;
import kr.kisgateway.gateway.lease.LeaseTimes;
import kr.kisgateway.programs.PostgresServer;

/** Where a test's journal is. It can be opened again and again, and changed behind the journal's back. */
public sealed interface JournalPlace extends AutoCloseable {
    /** Opens the journal of an environment, which the folder's own lease owns. */
    Journal open(String environment, Journal.Tables tables);

    /** The same of the simulator's environment. */
    default Journal open(Journal.Tables tables) {
        return open("sim", tables);
    }

    /** A connection behind the journal's back. */
    Connection connect() throws SQLException;

    /** Makes the database refuse new events, of a type if it is given, as a disk does that fails. */
    void refuseEvents(Optional<String> type);

    /** Ends {@link #refuseEvents}. */
    void acceptEvents();

    @Override
    default void close() {
        // nothing is open between the openings
    }

    default void execute(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** A file in {@code folder}. */
    record Sqlite(Path folder, InstantSource clock) implements JournalPlace {
        @Override
        public Journal open(String environment, Journal.Tables tables) {
            return SqliteJournal.open(folder.resolve("journal.db"), environment, tables, clock);
        }

        @Override
        public Connection connect() throws SQLException {
            return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
        }

        @Override
        public void refuseEvents(Optional<String> type) {
            execute("CREATE TRIGGER refuse BEFORE INSERT ON journal "
                    + type.map(it -> "WHEN NEW.type = '" + it + "' ").orElse("")
                    + "BEGIN SELECT RAISE(FAIL, 'disk'); END");
        }

        @Override
        public void acceptEvents() {
            execute("DROP TRIGGER refuse");
        }
    }

    /** A database of its own on the server of all tests. */
    final class Database implements JournalPlace {
        private static final LeaseTimes LONG = new LeaseTimes(Duration.ofHours(1));

        private final String url;
        private final Postgres postgres;
        private final LeaseKeeper keeper;
        private final Path folder;
        private final Lease lease;

        public Database(Path folder) {
            this.folder = folder;
            this.url = SharedPostgres.server().newDatabase();
            this.postgres = Postgres.open(PostgresAddress.parse(url).orElseThrow(), "sim", "test");
            this.keeper = new LeaseKeeper(
                    postgres,
                    "owner",
                    new LeaseNode("id", "", "node", "http://127.0.0.1:1", "1", true),
                    LONG,
                    System::nanoTime,
                    InstantSource.system());
            ClusterStore.prepare(postgres, InstantSource.system());
            this.lease = keeper.acquire().orElseThrow();
        }

        public Postgres postgres() {
            return postgres;
        }

        public Lease lease() {
            return lease;
        }

        @Override
        public Journal open(String environment, Journal.Tables tables) {
            return open(lease, environment, tables);
        }

        Journal open(Lease owner, String environment, Journal.Tables tables) {
            return PostgresJournal.open(
                    postgres, owner, folder.resolve("journal.db"), environment, tables, JournalWitness.none());
        }

        @Override
        public Connection connect() throws SQLException {
            return postgres.connect();
        }

        @Override
        public void refuseEvents(Optional<String> type) {
            execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk'; END $$");
            execute("CREATE TRIGGER refuse BEFORE INSERT ON journal FOR EACH ROW "
                    + type.map(it -> "WHEN (NEW.type = '" + it + "') ").orElse("")
                    + "EXECUTE FUNCTION refuse()");
        }

        @Override
        public void acceptEvents() {
            execute("DROP TRIGGER refuse ON journal");
            execute("DROP FUNCTION refuse()");
        }

        @Override
        public void close() {
            keeper.close();
        }
    }

    /** One server for all test classes of a process; it ends with the process. */
    final class SharedPostgres {
        private static Optional<PostgresServer> server = Optional.empty();

        private SharedPostgres() {}

        /** A start that fails is the failure of its test alone: the next one tries again. */
        public static synchronized PostgresServer server() {
            if (server.isEmpty()) {
                server = Optional.of(PostgresServer.start());
            }
            return server.get();
        }
    }
}
