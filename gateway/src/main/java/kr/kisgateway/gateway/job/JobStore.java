package kr.kisgateway.gateway.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import kr.kisgateway.gateway.database.Dialect;
import kr.kisgateway.gateway.database.Statements;
import kr.kisgateway.gateway.database.StoreConnection;
import kr.kisgateway.gateway.database.StoreConnection.Layout;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.journal.DatabaseQuarantine;
import kr.kisgateway.gateway.meter.Meters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/**
 * Jobs and their units in an SQLite file or in PostgreSQL, each change durable before the method returns. Changes of running jobs
 * are executed on the thread {@code jobs}; queries of callers on the thread {@code jobs-read}, with a bound, so that no number of
 * queries delays a job. Every method blocks its caller.
 */
public final class JobStore implements AutoCloseable {
    /** Ended jobs that are retained. */
    static final int ENDED_JOBS_MAX = 100;

    /** Maximum queries that wait for the running one. */
    static final int QUEUED_READS_MAX = 64;

    /** How long a query may wait and run. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(5);

    /** Maximum characters of a request in a list. */
    static final int LISTED_REQUEST_MAX = 2_000;

    /** More than all units of all running jobs can have in flight. */
    private static final int QUEUED_CHANGES_MAX = 1_024;

    /** Units of one statement: one statement each would lock the owner's lease for longer than its renewal can wait. */
    private static final int INSERTED_UNITS_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.job");

    /** How long a query's connection waits for an answer: until the query was cancelled. */
    private static final Duration READ_ANSWER_LIMIT = READ_LIMIT.plusSeconds(2);

    /** Version of the tables in PostgreSQL; a file has the columns that it lacks added. */
    private static final int VERSION = 1;

    private static final String JOB = ", id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, request TEXT NOT NULL,"
            + " tenant TEXT NOT NULL, state TEXT NOT NULL, created_ms INTEGER NOT NULL, ended_ms INTEGER,"
            + " message TEXT NOT NULL, total INTEGER, done INTEGER, failed INTEGER, noted INTEGER";

    private static final String UNIT = "job_id TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL,"
            + " state INTEGER NOT NULL, code TEXT, message TEXT, note TEXT, began_ms INTEGER, ended_ms INTEGER,"
            + " PRIMARY KEY (job_id, n)";

    private static final List<String> FILE_SQL = List.of(
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "CREATE TABLE IF NOT EXISTS job (seq " + Dialect.SQLITE.identity() + JOB + ")",
            Dialect.SQLITE.createTable("unit", UNIT));

    /** Earlier files have no times of units, and their jobs no figures. */
    private static final Map<String, List<String>> ADDED_COLUMNS =
            Map.of("unit", List.of("began_ms", "ended_ms"), "job", List.of("total", "done", "failed", "noted"));

    /**
     * A job's figures are stored with it: counting them per query would read all units of a large job. An index finds
     * the failures and notes of single units without reading the others.
     */
    private static final List<String> FILE_COUNTER_SQL = List.of(
            "UPDATE job SET total = (SELECT count(*) FROM unit WHERE job_id = id),"
                    + " done = (SELECT count(*) FROM unit WHERE job_id = id AND unit.state IN (1, 2)),"
                    + " failed = (SELECT count(*) FROM unit WHERE job_id = id AND unit.state = 3),"
                    + " noted = (SELECT count(*) FROM unit WHERE job_id = id AND note IS NOT NULL) WHERE total IS NULL",
            "CREATE TRIGGER IF NOT EXISTS unit_changed AFTER UPDATE OF state, note ON unit BEGIN UPDATE job SET"
                    + " done = done + (new.state IN (1, 2)) - (old.state IN (1, 2)),"
                    + " failed = failed + (new.state = 3) - (old.state = 3),"
                    + " noted = noted + (new.note IS NOT NULL) - (old.note IS NOT NULL) WHERE id = new.job_id; END",
            "CREATE INDEX IF NOT EXISTS unit_told ON unit (job_id, n) WHERE state = 3 OR note IS NOT NULL");

    /** The same tables, figures and index in PostgreSQL. */
    private static final List<String> SCHEMA_SQL = List.of(
            Dialect.POSTGRES.createTable("job", "seq " + Dialect.POSTGRES.identity() + JOB),
            Dialect.POSTGRES.createTable("unit", UNIT),
            """
            CREATE FUNCTION unit_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              UPDATE job SET
                done = done + (new.state IN (1, 2))::int - (old.state IN (1, 2))::int,
                failed = failed + (new.state = 3)::int - (old.state = 3)::int,
                noted = noted + (new.note IS NOT NULL)::int - (old.note IS NOT NULL)::int WHERE id = new.job_id;
              RETURN NULL;
            END $$""",
            "CREATE TRIGGER unit_changed AFTER UPDATE OF state, note ON unit FOR EACH ROW EXECUTE FUNCTION unit_changed()",
            "CREATE INDEX unit_reported ON unit (job_id, n) WHERE state = 3 OR note IS NOT NULL");

    /** State of a unit. */
    enum UnitState {
        PENDING,
        /** Executed; its results wait to be settled. */
        RAN,
        SETTLED,
        FAILED
    }

    /** One unit of a job. */
    record Unit(int n, String name, UnitState state) {}

    /** The jobs that ended, except the newest. */
    private static final String OLD_JOBS = "state <> 'RUNNING' AND seq <="
            + " (SELECT seq FROM job WHERE state <> 'RUNNING' ORDER BY seq DESC LIMIT 1 OFFSET " + ENDED_JOBS_MAX + ")";

    private static final List<String> DELETE_OLD_JOBS = List.of(
            "DELETE FROM unit WHERE job_id IN (SELECT id FROM job WHERE " + OLD_JOBS + ")",
            "DELETE FROM job WHERE " + OLD_JOBS);

    private static final String JOBS =
            "SELECT id, kind, tenant, state, created_ms, ended_ms, message, total, done, failed, noted, ";

    private final StoreDatabase database;
    private final StoreConnection connection;
    private final StoreConnection readConnection;
    private final ThreadPoolExecutor thread;
    private final ThreadPoolExecutor reader;

    private JobStore(
            StoreDatabase database,
            StoreConnection connection,
            StoreConnection reading,
            ThreadPoolExecutor thread,
            ThreadPoolExecutor reader) {
        this.database = database;
        this.connection = connection;
        this.readConnection = reading;
        this.thread = thread;
        this.reader = reader;
    }

    /** Registers the meters of its queues. */
    public void bindTo(Meters meters) {
        meters.queue("job_reads", () -> reader.getQueue().size(), QUEUED_READS_MAX);
        meters.queue("job_changes", () -> thread.getQueue().size(), QUEUED_CHANGES_MAX);
    }

    /** Jobs cannot be queried now: too many queries, or they take too long. */
    static final class JobsUnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        JobsUnavailableException(String message) {
            super(message);
        }
    }

    /** Opens or creates {@code file}. */
    public static JobStore open(Path file) {
        return open(StoreDatabase.file(file));
    }

    /**
     * Opens or creates {@code file}. A damaged one is renamed and replaced by an empty one: jobs can be requested
     * again, and are no reason to delay orders.
     *
     * @param setAside receives the new path of a damaged file
     */
    public static JobStore open(Path file, InstantSource clock, Consumer<Path> setAside) {
        try {
            return open(file);
        } catch (IllegalStateException e) {
            if (!(e.getCause() instanceof SQLException cause)
                    || !DatabaseQuarantine.isCorruption(cause) && !Files.isDirectory(file)) {
                throw e;
            }
            LOG.error("jobs_damaged file={} cause=\"{}\"", file, cause.getMessage());
            DatabaseQuarantine.quarantine(file, "damaged", clock).stream()
                    .findFirst()
                    .ifPresent(setAside);
            return open(file);
        }
    }

    /** Opens or creates the jobs in {@code database}. */
    public static JobStore open(StoreDatabase database) {
        var thread = thread("jobs", QUEUED_CHANGES_MAX);
        var reader = thread("jobs-read", QUEUED_READS_MAX);
        try {
            var connection = runOn(thread, database, () -> connect(database));
            var reading = new StoreConnection(database, it -> awaitCancel(it, database.dialect()));
            return new JobStore(database, connection, reading, thread, reader);
        } catch (RuntimeException e) {
            thread.shutdownNow();
            reader.shutdownNow();
            throw e;
        }
    }

    private static ThreadPoolExecutor thread(String name, int waiting) {
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(waiting),
                Thread.ofPlatform().name(name).daemon(true).factory());
    }

    private static StoreConnection connect(StoreDatabase database) throws SQLException {
        return switch (database.dialect()) {
            case SQLITE -> {
                var connection = new StoreConnection(database, JobStore::migrateFile);
                connection.connect();
                yield connection;
            }
            case POSTGRES -> {
                var connection = new StoreConnection(database, _ -> {});
                connection.migrate(
                        "jobs",
                        Layout.of(VERSION),
                        version -> "a newer release wrote them (version " + version + "); use that release",
                        JobStore::migrateSchema);
                yield connection;
            }
        };
    }

    private static void migrateSchema(Connection opened, int version) throws SQLException {
        if (version == 0) {
            execute(opened, SCHEMA_SQL);
        }
    }

    private static void migrateFile(Connection opened) throws SQLException {
        try (var statement = opened.createStatement()) {
            requireSound(statement);
        }
        execute(opened, FILE_SQL);
        for (var table : ADDED_COLUMNS.entrySet()) {
            for (var column : table.getValue()) {
                if (!hasColumn(opened, table.getKey(), column)) {
                    execute(opened, List.of("ALTER TABLE " + table.getKey() + " ADD COLUMN " + column + " INTEGER"));
                }
            }
        }
        execute(opened, FILE_COUNTER_SQL);
    }

    private static void execute(Connection opened, List<String> statements) throws SQLException {
        try (var statement = opened.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Damage that no statement of the start touches would fail a job, or a query for one, later. */
    private static void requireSound(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
            String found = row.next() ? row.getString(1) : "nothing";
            if (!found.equals("ok")) {
                throw new SQLException(found, "", SQLiteErrorCode.SQLITE_CORRUPT.code);
            }
        }
    }

    private static boolean hasColumn(Connection opened, String table, String column) throws SQLException {
        try (var select = opened.prepareStatement("SELECT 1 FROM pragma_table_info(?) WHERE name = ?")) {
            select.setString(1, table);
            select.setString(2, column);
            try (var row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Without an answer a query is cancelled first, so that the server does not go on with it. */
    private static void awaitCancel(Connection reading, Dialect dialect) throws SQLException {
        if (dialect == Dialect.POSTGRES) {
            reading.setNetworkTimeout(Runnable::run, (int) READ_ANSWER_LIMIT.toMillis());
        }
    }

    /**
     * A part of a job: the units whose names end with its name.
     *
     * @param done completed units
     * @param failed failed units
     * @param duration from the start of its first unit to the end of its last ended one
     */
    record Part(String name, int units, int done, int failed, Duration duration) {}

    void create(Job job, List<String> units) {
        change(it -> {
            try (var insert =
                    it.prepareStatement("INSERT INTO job (id, kind, request, tenant, state, created_ms, message,"
                            + " total, done, failed, noted) VALUES (?, ?, ?, ?, ?, ?, '', ?, 0, 0, 0)")) {
                Statements.setParameters(
                        insert,
                        job.id(),
                        job.kind(),
                        job.request(),
                        job.tenant(),
                        job.state().name(),
                        job.createdAt().toEpochMilli(),
                        units.size());
                insert.executeUpdate();
            }
            for (int from = 0; from < units.size(); from += INSERTED_UNITS_MAX) {
                insert(it, job.id(), units, from, Math.min(units.size(), from + INSERTED_UNITS_MAX));
            }
            execute(it, DELETE_OLD_JOBS);
        });
    }

    private static void insert(Connection connection, String jobId, List<String> units, int from, int to)
            throws SQLException {
        var values = new ArrayList<Object>();
        for (int n = from; n < to; n++) {
            values.addAll(List.of(jobId, n, units.get(n)));
        }
        try (var insert = connection.prepareStatement("INSERT INTO unit (job_id, n, name, state) VALUES "
                + String.join(", ", Collections.nCopies(to - from, "(?, ?, ?, 0)")))) {
            Statements.setParameters(insert, values.toArray());
            insert.executeUpdate();
        }
    }

    void recordRan(String jobId, int n, Instant startedAt, Instant ended, Optional<String> note) {
        update(
                "UPDATE unit SET state = 1, note = ?, began_ms = ?, ended_ms = ? WHERE job_id = ? AND n = ?",
                note.orElse(null),
                startedAt.toEpochMilli(),
                ended.toEpochMilli(),
                jobId,
                n);
    }

    void recordFailed(String jobId, int n, Instant startedAt, Instant ended, String code, String message) {
        update(
                "UPDATE unit SET state = 3, code = ?, message = ?, began_ms = ?, ended_ms = ?"
                        + " WHERE job_id = ? AND n = ?",
                code,
                message,
                startedAt.toEpochMilli(),
                ended.toEpochMilli(),
                jobId,
                n);
    }

    /** The parts of a job in the order of their units. */
    List<Part> parts(String jobId) {
        return queryOnReader(
                "SELECT substr(name, " + database.dialect().position("'/'", "name") + " + 1) AS part, count(*),"
                        + " sum(CASE WHEN state IN (1, 2) THEN 1 ELSE 0 END), sum(CASE WHEN state = 3 THEN 1 ELSE 0 END),"
                        + " coalesce(max(ended_ms) - min(began_ms), 0) FROM unit WHERE job_id = ?"
                        + " GROUP BY part ORDER BY min(n)",
                List.of(jobId),
                row -> new Part(
                        row.getString(1),
                        row.getInt(2),
                        row.getInt(3),
                        row.getInt(4),
                        Duration.ofMillis(row.getLong(5))));
    }

    /** @param notes by the unit's name; added to those of its run */
    void recordSettled(String jobId, List<Unit> units, Map<String, String> notes) {
        change(it -> {
            try (var statement = it.prepareStatement("UPDATE unit SET state = 2,"
                    + " note = coalesce(note || '; ' || ?, ?, note) WHERE job_id = ? AND n = ?")) {
                for (Unit unit : units) {
                    String note = notes.get(unit.name());
                    Statements.setParameters(statement, note, note, jobId, unit.n());
                    statement.addBatch();
                }
                statement.executeBatch();
            }
        });
    }

    void recordEnded(String jobId, Job.State state, Instant at, String message) {
        update(
                "UPDATE job SET state = ?, ended_ms = ?, message = ? WHERE id = ?",
                state.name(),
                at.toEpochMilli(),
                message,
                jobId);
    }

    List<Unit> units(String jobId) {
        return read(
                "SELECT n, name, state FROM unit WHERE job_id = ? ORDER BY n",
                List.of(jobId),
                row -> new Unit(row.getInt(1), row.getString(2), UnitState.values()[row.getInt(3)]));
    }

    /** The first settled unit. */
    Optional<String> settledUnit(String jobId) {
        return queryOnReader(
                        "SELECT name FROM unit WHERE job_id = ? AND state = ? ORDER BY n LIMIT 1",
                        List.of(jobId, UnitState.SETTLED.ordinal()),
                        row -> row.getString(1))
                .stream()
                .findFirst();
    }

    /** @throws JobsUnavailableException as {@link #parts} and {@link #list}, while too many queries are queued */
    Optional<Job> find(String id) {
        return queryOnReader(JOBS + "request FROM job WHERE id = ?", List.of(id), row -> job(row, true)).stream()
                .findFirst();
    }

    /**
     * Jobs that had not ended when the gateway stopped, oldest first, without the notes and failures of their units.
     */
    List<Job> findRunning() {
        return read(JOBS + "request FROM job WHERE state = 'RUNNING' ORDER BY seq", List.of(), row -> job(row, false));
    }

    /**
     * Newest first, those older than the job {@code before}; without notes and failures, and with shortened requests.
     */
    List<Job> list(Optional<String> before, int limit) {
        String brief =
                JOBS + "CASE WHEN length(request) > " + LISTED_REQUEST_MAX + " THEN '' ELSE request END FROM job ";
        return before.map(id -> queryOnReader(
                        brief + "WHERE seq < (SELECT seq FROM job WHERE id = ?) ORDER BY seq DESC LIMIT ?",
                        List.of(id, limit),
                        row -> job(row, false)))
                .orElseGet(() ->
                        queryOnReader(brief + "ORDER BY seq DESC LIMIT ?", List.of(limit), row -> job(row, false)));
    }

    private static Job job(ResultSet row, boolean withDetails) throws SQLException {
        String id = row.getString(1);
        long ended = row.getLong(6);
        Optional<Instant> endedAt = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended));
        var failures = new ArrayList<Job.Failure>();
        var notes = new ArrayList<Job.Note>();
        if (withDetails) {
            readFailuresAndNotes(row.getStatement().getConnection(), id, failures, notes);
        }
        return new Job(
                id,
                row.getString(2),
                row.getString(12),
                row.getString(3),
                Job.State.valueOf(row.getString(4)),
                Instant.ofEpochMilli(row.getLong(5)),
                endedAt,
                row.getString(7),
                row.getInt(8),
                row.getInt(9),
                row.getInt(10),
                failures,
                row.getInt(11),
                notes);
    }

    private static void readFailuresAndNotes(
            Connection connection, String id, List<Job.Failure> failures, List<Job.Note> notes) throws SQLException {
        try (var select = connection.prepareStatement("SELECT name, code, message, note FROM unit WHERE job_id = ?"
                + " AND (state = 3 OR note IS NOT NULL) ORDER BY n LIMIT " + 2 * Job.LISTED_MAX)) {
            select.setString(1, id);
            try (var unit = select.executeQuery()) {
                while (unit.next()) {
                    String note = unit.getString(4);
                    if (note != null && notes.size() < Job.LISTED_MAX) {
                        notes.add(new Job.Note(unit.getString(1), note));
                    } else if (note == null && failures.size() < Job.LISTED_MAX) {
                        failures.add(new Job.Failure(unit.getString(1), unit.getString(2), unit.getString(3)));
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
        try {
            // A running query reaches its limit before this wait ends.
            if (!reader.awaitTermination(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("job_read_during_close");
            }
            readConnection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.warn("job_reader_not_closed cause=\"{}\"", e.getMessage());
        }
        runOn(thread, database, () -> {
            connection.close();
            return true;
        });
        thread.shutdown();
    }

    private interface Change {
        void run(Connection connection) throws SQLException;
    }

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private void update(String sql, @Nullable Object... values) {
        change(it -> {
            try (var statement = it.prepareStatement(sql)) {
                Statements.setParameters(statement, values);
                statement.executeUpdate();
            }
        });
    }

    private void change(Change change) {
        runOn(
                thread,
                database,
                () -> connection.change(it -> {
                    change.run(it);
                    return true;
                }));
    }

    /** Reads on the jobs' own thread. */
    private <T> List<T> read(String sql, List<?> values, RowReader<T> row) {
        return runOn(
                thread,
                database,
                () -> connection.query(it -> {
                    try (var select = it.prepareStatement(sql)) {
                        return rows(select, values, row);
                    }
                }));
    }

    private static <T> List<T> rows(PreparedStatement select, List<?> values, RowReader<T> reading)
            throws SQLException {
        var found = new ArrayList<T>();
        Statements.setParameters(select, values.toArray());
        try (var row = select.executeQuery()) {
            while (row.next()) {
                found.add(reading.read(row));
            }
        }
        return found;
    }

    /** Reads for a caller's query, on the reader thread. */
    private <T> List<T> queryOnReader(String sql, List<?> values, RowReader<T> row) {
        var task = new ReadTask<>(sql, values, row);
        try {
            var answer = reader.submit(task);
            try {
                return answer.get(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                answer.cancel(false);
                task.end();
                LOG.warn("job_read_late waiting={}", reader.getQueue().size());
                throw new JobsUnavailableException("The jobs could not be read in time; try again.");
            }
        } catch (RejectedExecutionException e) {
            LOG.warn("job_read_refused waiting={}", reader.getQueue().size());
            throw new JobsUnavailableException("Too many queries about jobs at once; try again.");
        } catch (InterruptedException e) {
            task.end();
            Thread.currentThread().interrupt();
            throw new JobsUnavailableException("The gateway stops.");
        } catch (ExecutionException e) {
            throw failed(database, e);
        }
    }

    /** A read that another thread can cancel. */
    private final class ReadTask<T> implements Callable<List<T>> {
        private final String sql;
        private final List<?> values;
        private final RowReader<T> row;
        private Optional<PreparedStatement> running = Optional.empty();
        private boolean ended;

        ReadTask(String sql, List<?> values, RowReader<T> row) {
            this.sql = sql;
            this.values = values;
            this.row = row;
        }

        @Override
        public List<T> call() throws SQLException {
            return readConnection.query(it -> {
                try (var select = it.prepareStatement(sql)) {
                    if (!begin(select)) {
                        return List.of(); // no caller waits for it any more
                    }
                    try {
                        return rows(select, values, row);
                    } finally {
                        finish();
                    }
                }
            });
        }

        private synchronized boolean begin(PreparedStatement select) {
            running = Optional.of(select);
            return !ended;
        }

        private synchronized void finish() throws SQLException {
            running = Optional.empty();
            if (ended) {
                // A server that receives the cancel late would cancel the next query, which gets another connection.
                throw new SQLException("the query was cancelled");
            }
        }

        synchronized void end() {
            ended = true;
            running.ifPresent(select -> {
                try {
                    select.cancel();
                } catch (SQLException e) {
                    LOG.warn("job_read_not_ended cause=\"{}\"", e.getMessage());
                }
            });
        }
    }

    private static <T> T runOn(ExecutorService thread, StoreDatabase database, Callable<T> work) {
        try {
            return thread.submit(work).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("jobs in " + database.description() + ": too many changes wait", e);
        } catch (ExecutionException e) {
            throw failed(database, e);
        }
    }

    private static IllegalStateException failed(StoreDatabase database, ExecutionException e) {
        return new IllegalStateException("jobs in " + database.description() + ": " + e.getCause(), e.getCause());
    }
}
