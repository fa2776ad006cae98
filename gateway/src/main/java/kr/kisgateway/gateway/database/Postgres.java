package kr.kisgateway.gateway.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import kr.kisgateway.client.Secret;

/**
 * A schema of a PostgreSQL database. Each environment has one of its own, so that paper trading and real money never share a
 * table.
 *
 * <p>Thread-safe. Each connection ends a call that the server does not answer in {@link #ANSWER_LIMIT}, and the server ends a
 * transaction whose client says nothing for {@link #IDLE_LIMIT}: a process that is stopped in the middle of one must not keep
 * its locks.
 */
public final class Postgres {
    /** The longest wait for an answer of the server. */
    public static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    /** The longest pause in a transaction, and the longest wait for a lock. */
    public static final Duration IDLE_LIMIT = Duration.ofSeconds(2);

    private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(4);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final int OLDEST = 13;
    private static final Set<String> PASSING = Set.of("08001", "08003", "08006", "57P01", "57P02", "57P03");
    private static final Set<String> STATEMENT_PASSING = Set.of("57014", "55P03", "25P03");
    /** Any number that no other program uses. */
    private static final long CREATION_LOCK = 0x6b_69_73_67_77L;

    private final PostgresAddress address;
    private final String schema;
    private final String application;

    private Postgres(PostgresAddress address, String schema, String application) {
        this.address = address;
        this.schema = schema;
        this.application = application;
    }

    /**
     * The schema of {@code environment}, which is created if it does not exist.
     *
     * @param application name of this process, which the server's views show
     * @throws DatabaseException when the server cannot be used, in one sentence
     */
    public static Postgres open(PostgresAddress address, String environment, String application) {
        Postgres postgres = inspect(address, environment, application);
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            whileAlone(connection, () -> statement.execute("CREATE SCHEMA IF NOT EXISTS " + postgres.schema));
            return postgres;
        } catch (SQLException e) {
            throw failure(address, e);
        }
    }

    /** The same without a change: the schema may not exist. */
    public static Postgres inspect(PostgresAddress address, String environment, String application) {
        var postgres = new Postgres(address, "kis_gateway_" + environment, application);
        try (var connection = postgres.connect()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST) {
                throw new DatabaseException("The PostgreSQL server " + address + " has version " + version
                        + ", and the gateway needs " + OLDEST + " or later.");
            }
            requireSetting(connection, address, "transaction_read_only", "off", "it is read-only, as a replica is");
            requireSetting(connection, address, "fsync", "on", "nothing would be durable");
            requireSetting(connection, address, "full_page_writes", "on", "a crash could damage what was durable");
            return postgres;
        } catch (SQLException e) {
            throw failure(address, e);
        }
    }

    /** What is done while no other gateway does the same. */
    @FunctionalInterface
    public interface Work {
        void run() throws SQLException;
    }

    /**
     * Runs {@code work} while no other gateway runs its own: IF NOT EXISTS alone would let two that start at once create the same, and
     * one fail.
     */
    public static void whileAlone(Connection connection, Work work) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + CREATION_LOCK + ")");
            try {
                work.run();
            } finally {
                statement.execute("SELECT pg_advisory_unlock(" + CREATION_LOCK + ")");
            }
        }
    }

    private static void requireSetting(
            Connection connection, PostgresAddress address, String name, String value, String otherwise)
            throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW " + name)) {
            String found = row.next() ? row.getString(1) : "nothing";
            if (!found.equals(value)) {
                throw new DatabaseException("The PostgreSQL server " + address + " has " + name + "=" + found
                        + " and not " + value + ": " + otherwise + ".");
            }
        }
    }

    /** Why the database cannot be used, with what to do. */
    public DatabaseException failure(SQLException e) {
        return failure(address, e);
    }

    private static DatabaseException failure(PostgresAddress address, SQLException e) {
        String state = Optional.ofNullable(e.getSQLState()).orElse("");
        String advice = switch (state) {
            case "28P01", "28000" -> "check user and password in DATABASE_URL";
            case "08004" -> "check password and sslmode in DATABASE_URL";
            case "3D000" -> "create the database, or check its name in DATABASE_URL";
            case "42501" -> "its user needs the right to create a schema: GRANT CREATE ON DATABASE";
            case "53300" -> "it has no connection left: raise max_connections, or stop what uses them";
            case "57P03" -> "it is starting or stopping; try again";
            default -> "check that it runs and DATABASE_URL names it";
        };
        return new DatabaseException(
                "The PostgreSQL database " + address + " cannot be used: " + firstLine(e) + " (" + advice + ").",
                mayPass(state),
                e);
    }

    /** Connections that failed or were lost, a server that is busy (53), that starts or stops. Not what a setting has to change. */
    private static boolean mayPass(String state) {
        return PASSING.contains(state) || state.startsWith("53");
    }

    /** Prepares a connection of a store: its server ends a statement before {@link #ANSWER_LIMIT}, and never goes on with what was given up. */
    public static void limitStatements(Connection connection) throws SQLException {
        Statements.execute(connection, "SET statement_timeout = " + STATEMENT_LIMIT.toMillis());
    }

    /** The same of a statement; also one that waited or took too long, or met another transaction. */
    public static boolean mayPass(SQLException e) {
        String state = Optional.ofNullable(e.getSQLState()).orElse("");
        return mayPass(state) || state.startsWith("40") || STATEMENT_PASSING.contains(state);
    }

    /** Whether {@code e} is a failure of the database that may pass. */
    public static boolean mayPass(Throwable e) {
        return e instanceof SQLException failed && mayPass(failed);
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst("\\.$", "");
    }

    /** What the address names, for people. */
    public PostgresAddress address() {
        return address;
    }

    /** A connection of the caller's own, for reading and writing. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(address.jdbcUrl(), properties());
    }

    private Properties properties() {
        var properties = new Properties();
        properties.putAll(address.options());
        address.user().ifPresent(user -> properties.setProperty("user", user));
        address.password().map(Secret::reveal).ifPresent(text -> properties.setProperty("password", text));
        properties.setProperty("currentSchema", schema);
        properties.setProperty("ApplicationName", application);
        if (address.hosts().contains(",")) {
            properties.setProperty("targetServerType", "primary");
            properties.setProperty("hostRecheckSeconds", "1");
        }
        properties.setProperty("connectTimeout", Long.toString(CONNECT_LIMIT.toSeconds()));
        properties.setProperty("loginTimeout", Long.toString(CONNECT_LIMIT.toSeconds()));
        properties.setProperty("socketTimeout", Long.toString(ANSWER_LIMIT.toSeconds()));
        properties.setProperty("cancelSignalTimeout", Long.toString(CONNECT_LIMIT.toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty(
                "options",
                "-c synchronous_commit=on -c idle_in_transaction_session_timeout=" + IDLE_LIMIT.toMillis()
                        + " -c lock_timeout=" + IDLE_LIMIT.toMillis());
        return properties;
    }

    /**
     * Connections that only read, shared by at most {@code size} readers at once.
     *
     * @param wait the longest wait for one
     * @param limit the longest query
     */
    public Readers readers(int size, Duration wait, Duration limit) {
        var config = new HikariConfig();
        config.setJdbcUrl(address.jdbcUrl());
        config.setDataSourceProperties(properties());
        config.setPoolName("readers");
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(wait.toMillis());
        config.setInitializationFailTimeout(-1); // the pool connects when it is asked
        config.setConnectionInitSql(
                "SET default_transaction_read_only = on; SET statement_timeout = " + limit.toMillis());
        return new Readers(new HikariDataSource(config));
    }

    /** A pool of reading connections. */
    public static final class Readers implements AutoCloseable {
        private final HikariDataSource pool;

        private Readers(HikariDataSource pool) {
            this.pool = pool;
        }

        /** A connection, which its close returns. */
        public Connection take() throws SQLException {
            return pool.getConnection();
        }

        /** Callers that wait for a connection. */
        public int waiting() {
            return pool.getHikariPoolMXBean().getThreadsAwaitingConnection();
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}
