package kr.kisgateway.gateway.job;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Jobs and their units in an SQLite file, each change durable before the method returns. All of it happens on the thread
 * {@code jobs}; every method blocks its caller until then.
 */
public final class JobStore implements AutoCloseable {
    /** Ended jobs that are kept. */
    static final int KEPT = 100;

    private static final List<String> SCHEMA = List.of(
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "CREATE TABLE IF NOT EXISTS job (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
                    + " kind TEXT NOT NULL, request TEXT NOT NULL, tenant TEXT NOT NULL, state TEXT NOT NULL,"
                    + " created_ms INTEGER NOT NULL, ended_ms INTEGER, message TEXT NOT NULL)",
            "CREATE TABLE IF NOT EXISTS unit (job_id TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL,"
                    + " state INTEGER NOT NULL, code TEXT, message TEXT, note TEXT, PRIMARY KEY (job_id, n)) WITHOUT ROWID");

    /** Where a unit is. */
    enum UnitState {
        PENDING,
        /** Done, and its results wait to be settled. */
        RAN,
        SETTLED,
        FAILED
    }

    /** One unit of a job. */
    record Unit(int n, String name, UnitState state) {}

    private final Connection connection;
    private final ExecutorService thread;

    private JobStore(Connection connection, ExecutorService thread) {
        this.connection = connection;
        this.thread = thread;
    }

    /** Opens or makes {@code file}. */
    public static JobStore open(Path file) {
        var thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("jobs").daemon(true).factory());
        try {
            var connection = on(thread, () -> {
                var opened = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
                try (var statement = opened.createStatement()) {
                    for (var sql : SCHEMA) {
                        statement.execute(sql);
                    }
                    // Files of before had no times of units.
                    for (var column : List.of("began_ms", "ended_ms")) {
                        if (!has(opened, column)) {
                            statement.execute("ALTER TABLE unit ADD COLUMN " + column + " INTEGER");
                        }
                    }
                }
                return opened;
            });
            return new JobStore(connection, thread);
        } catch (RuntimeException e) {
            thread.shutdownNow();
            throw e;
        }
    }

    private static boolean has(Connection opened, String column) throws SQLException {
        try (var select = opened.prepareStatement("SELECT 1 FROM pragma_table_info('unit') WHERE name = ?")) {
            select.setString(1, column);
            try (var row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /**
     * A part of a job: the units whose names end with its name.
     *
     * @param done of its units
     * @param failed of its units
     * @param took from the beginning of its first unit to the end of the last that has ended
     */
    record Part(String name, int units, int done, int failed, Duration took) {}

    void create(Job job, List<String> units) {
        change(() -> {
            try (var insert = connection.prepareStatement(
                            "INSERT INTO job (id, kind, request, tenant, state, created_ms, message)"
                                    + " VALUES (?, ?, ?, ?, ?, ?, '')");
                    var unit = connection.prepareStatement(
                            "INSERT INTO unit (job_id, n, name, state) VALUES (?, ?, ?, 0)")) {
                insert.setString(1, job.id());
                insert.setString(2, job.kind());
                insert.setString(3, job.request());
                insert.setString(4, job.tenant());
                insert.setString(5, job.state().name());
                insert.setLong(6, job.createdAt().toEpochMilli());
                insert.executeUpdate();
                for (int n = 0; n < units.size(); n++) {
                    unit.setString(1, job.id());
                    unit.setInt(2, n);
                    unit.setString(3, units.get(n));
                    unit.addBatch();
                }
                unit.executeBatch();
            }
            forgetOld();
        });
    }

    private void forgetOld() throws SQLException {
        String old = "(SELECT id FROM job WHERE state <> 'RUNNING' ORDER BY seq DESC LIMIT -1 OFFSET " + KEPT + ")";
        try (var statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM unit WHERE job_id IN " + old);
            statement.executeUpdate("DELETE FROM job WHERE id IN " + old);
        }
    }

    void ran(String jobId, int n, Instant began, Instant ended, Optional<String> note) {
        update(
                "UPDATE unit SET state = 1, note = ?, began_ms = ?, ended_ms = ? WHERE job_id = ? AND n = ?",
                note.orElse(null),
                began.toEpochMilli(),
                ended.toEpochMilli(),
                jobId,
                n);
    }

    void failed(String jobId, int n, Instant began, Instant ended, String code, String message) {
        update(
                "UPDATE unit SET state = 3, code = ?, message = ?, began_ms = ?, ended_ms = ?"
                        + " WHERE job_id = ? AND n = ?",
                code,
                message,
                began.toEpochMilli(),
                ended.toEpochMilli(),
                jobId,
                n);
    }

    /** The parts of a job in the order of their units. */
    List<Part> parts(String jobId) {
        return read(
                "SELECT substr(name, instr(name, '/') + 1) AS part, count(*), sum(state IN (1, 2)), sum(state = 3),"
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

    /** @param notes by the unit's name; added to what its run told */
    void settled(String jobId, List<Unit> units, Map<String, String> notes) {
        change(() -> {
            try (var statement = connection.prepareStatement("UPDATE unit SET state = 2,"
                    + " note = CASE WHEN ?1 IS NULL THEN note WHEN note IS NULL THEN ?1 ELSE note || '; ' || ?1 END"
                    + " WHERE job_id = ?2 AND n = ?3")) {
                for (Unit unit : units) {
                    statement.setString(1, notes.get(unit.name()));
                    statement.setString(2, jobId);
                    statement.setInt(3, unit.n());
                    statement.addBatch();
                }
                statement.executeBatch();
            }
        });
    }

    void ended(String jobId, Job.State state, Instant at, String message) {
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

    Optional<Job> find(String id) {
        return jobs("WHERE id = ?", List.of(id)).stream().findFirst();
    }

    /** Those that had not ended when the gateway did, oldest first. */
    List<Job> running() {
        return jobs("WHERE state = 'RUNNING' ORDER BY seq", List.of());
    }

    /** Newest first, those older than the job {@code before}. */
    List<Job> list(Optional<String> before, int limit) {
        return before.map(id -> jobs(
                        "WHERE seq < (SELECT seq FROM job WHERE id = ?) ORDER BY seq DESC LIMIT ?", List.of(id, limit)))
                .orElseGet(() -> jobs("ORDER BY seq DESC LIMIT ?", List.of(limit)));
    }

    private List<Job> jobs(String condition, List<Object> values) {
        return read(
                "SELECT id, kind, request, tenant, state, created_ms, ended_ms, message,"
                        + " (SELECT count(*) FROM unit WHERE job_id = id),"
                        + " (SELECT count(*) FROM unit WHERE job_id = id AND unit.state IN (1, 2)),"
                        + " (SELECT count(*) FROM unit WHERE job_id = id AND unit.state = 3),"
                        + " (SELECT count(*) FROM unit WHERE job_id = id AND note IS NOT NULL) FROM job " + condition,
                values,
                this::job);
    }

    private Job job(ResultSet row) throws SQLException {
        String id = row.getString(1);
        long ended = row.getLong(7);
        Optional<Instant> endedAt = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended));
        var failures = new ArrayList<Job.Failure>();
        var notes = new ArrayList<Job.Note>();
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
        return new Job(
                id,
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Job.State.valueOf(row.getString(5)),
                Instant.ofEpochMilli(row.getLong(6)),
                endedAt,
                row.getString(8),
                row.getInt(9),
                row.getInt(10),
                row.getInt(11),
                failures,
                row.getInt(12),
                notes);
    }

    @Override
    public void close() {
        on(thread, () -> {
            connection.close();
            return true;
        });
        thread.shutdown();
    }

    private interface Change {
        void run() throws SQLException;
    }

    private interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    private void update(String sql, @org.jspecify.annotations.Nullable Object... values) {
        change(() -> {
            try (var statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                statement.executeUpdate();
            }
        });
    }

    private void change(Change change) {
        on(thread, () -> {
            connection.setAutoCommit(false);
            try {
                change.run();
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
            return true;
        });
    }

    private <T> List<T> read(String sql, List<?> values, Reading<T> reading) {
        return on(thread, () -> {
            var found = new ArrayList<T>();
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.size(); i++) {
                    select.setObject(i + 1, values.get(i));
                }
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(reading.read(row));
                    }
                }
            }
            return found;
        });
    }

    private static <T> T on(ExecutorService thread, Callable<T> work) {
        try {
            return thread.submit(work).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("jobs.db: " + e.getCause(), e.getCause());
        }
    }
}
