package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kr.kisgateway.gateway.database.RowBatch;
import kr.kisgateway.gateway.database.StoreDatabase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * The journal on SQLite: write-ahead log, {@code synchronous=FULL}, one commit for a group of events.
 *
 * <p>Threads: {@link #commit} and {@link #onWriter} belong to one owner thread; {@link #read} may be called from any
 * thread and runs on one of two reader threads; a third moves the log into the database file. The log is not
 * checkpointed by the writer, because a checkpoint inside a commit is what makes the slowest commits slow; so that it
 * cannot grow without bound, the writer itself truncates it past {@value #WAL_LIMIT_BYTES} bytes.
 */
public final class SqliteJournal implements Journal {
    static final long WAL_LIMIT_BYTES = 256L << 20;
    /** Frequent and small: one flush of a second's worth of pages would block every commit behind it for 100 ms. */
    private static final long CHECKPOINT_MILLIS = 100;
    /** Pause after a failed checkpoint. */
    private static final long CHECKPOINT_AGAIN_MILLIS = 10_000;

    private static final long IDLE_MILLIS = 1_000;
    private static final int READERS = 2;
    private static final Duration READ_WAIT = Duration.ofSeconds(5);
    private static final Duration READ_LIMIT = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger("gateway.journal");

    private final Path file;
    private final JournalHeads heads;
    private final Connection writer;
    private final PreparedStatement insert;
    private final RowBatch positions;
    private final String id;
    private final long fence;
    private final ThreadPoolExecutor readers;
    private final Duration readLimit;
    private final Set<PendingRead<?>> reads = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<SQLiteConnection> readerConnection;
    private final List<Connection> readerConnections = new ArrayList<>();
    private final Thread checkpointer;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean closed;

    /**
     * Opens or creates the journal in {@code file} for {@code environment}. The caller owns the lock of the data folder: a
     * journal has one owner.
     *
     * <p>A file of an older release is backed up beside itself and migrated.
     *
     * @param tables the query tables of the capabilities
     * @param clock for the backup's name
     * @param witness records where the chains stand
     * @throws JournalException when it belongs to another environment, was written by a newer release, or cannot be made
     *     durable
     */
    public static SqliteJournal open(
            Path file, String environment, Tables tables, InstantSource clock, JournalWitness witness) {
        return open(file, environment, tables, clock, witness, READ_LIMIT);
    }

    /** The same without a witness. */
    public static SqliteJournal open(Path file, String environment, Tables tables, InstantSource clock) {
        return open(file, environment, tables, clock, JournalWitness.none(), READ_LIMIT);
    }

    static SqliteJournal open(
            Path file,
            String environment,
            Tables tables,
            InstantSource clock,
            JournalWitness witness,
            Duration readLimit) {
        try {
            return new SqliteJournal(file, environment, tables, clock, witness, readLimit);
        } catch (SQLException e) {
            String advice = DatabaseQuarantine.isCorruption(e) ? JournalException.DAMAGE_ADVICE : "";
            throw new JournalException(
                    "the journal " + file.getFileName() + " cannot be opened: " + e.getMessage() + advice, e);
        }
    }

    private SqliteJournal(
            Path file,
            String environment,
            Tables tables,
            InstantSource clock,
            JournalWitness witness,
            Duration readLimit)
            throws SQLException {
        this.file = file;
        this.readLimit = readLimit;
        Optional<JournalPosition> recorded = JournalPosition.read(JournalPosition.fileBeside(file));
        recorded.ifPresent(position -> JournalFolder.requireSame(file, position));
        this.writer = connect(file);
        try {
            makeDurable(writer);
            Schema.createOrMigrate(writer, file, environment, tables, clock);
            JournalFolder.requireNewest(file, writer);
            this.id = Schema.header(writer, Schema.ID).orElseThrow();
            this.fence = 1 + Schema.header(writer, "fence").map(Long::parseLong).orElse(0L);
            Schema.setHeader(writer, "fence", Long.toString(fence));
            this.heads = new JournalHeads(writer, id, fence, file, witness);
            writer.setAutoCommit(false);
            this.insert = writer.prepareStatement(
                    "INSERT INTO journal(" + JournalRows.STORED_COLUMNS + ")" + " VALUES (?,?,?,?,?,?,?,?,?,?,?)");
            this.positions = JournalRows.positions(writer);
        } catch (SQLException | JournalException e) {
            writer.close();
            throw e;
        }
        this.readerConnection = ThreadLocal.withInitial(this::openReader);
        this.readers = new ThreadPoolExecutor(
                READERS,
                READERS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUED_READS_MAX),
                Thread.ofPlatform().name("journal-reader-", 0).daemon().factory());
        this.checkpointer =
                Thread.ofPlatform().name("journal-checkpointer").daemon().start(this::checkpointLoop);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int queuedReads() {
        return readers.getQueue().size();
    }

    @Override
    public long fence() {
        return fence;
    }

    @Override
    public void commit(List<JournalEntry> entries, List<RowBatch> rows, Work tables) {
        if (closed) {
            throw new JournalException("the journal is closed");
        }
        try {
            JournalHeads.Append append = heads.append(entries);
            for (JournalHeads.Chained chained : append.events()) {
                append(chained.entry(), chained.hash());
            }
            append.last().forEach((stream, head) -> positions.add(stream, head.seq()));
            positions.execute();
            RowBatch.executeEach(rows);
            tables.run(writer);
            writer.commit();
            heads.commit(append);
        } catch (SQLException e) {
            close();
            throw new JournalException("a commit failed: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            close(); // a defect: its partial changes must not become part of the next commit
            throw e;
        }
        truncateLargeLog();
    }

    @Override
    public <T> T onWriter(Query<T> query) {
        try {
            T answer = query.run(writer);
            writer.commit();
            return answer;
        } catch (SQLException e) {
            throw new JournalException("a read failed: " + e.getMessage(), e);
        }
    }

    @Override
    public <T> T read(Query<T> query) {
        var pendingRead = new PendingRead<>(query);
        try {
            readers.execute(pendingRead);
            pendingRead.started.get(READ_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            return pendingRead.answer.get(readLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            throw new JournalException("too many reads of the journal wait", e);
        } catch (ExecutionException e) {
            throw new JournalException("a read failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            pendingRead.stop();
            throw new JournalException("a read took too long", e);
        } catch (InterruptedException e) {
            pendingRead.stop();
            Thread.currentThread().interrupt();
            throw new JournalException("interrupted while reading", e);
        }
    }

    /** One read: queued, running on a reader's connection, or done. Only while it runs may it be interrupted. */
    private final class PendingRead<T> implements Runnable {
        private final Query<T> query;
        private final CompletableFuture<Void> started = new CompletableFuture<>();
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private Optional<SQLiteConnection> running = Optional.empty();
        private boolean cancelled;

        PendingRead(Query<T> query) {
            this.query = query;
        }

        @Override
        public void run() {
            try {
                SQLiteConnection connection = readerConnection.get();
                if (!begin(connection)) {
                    end();
                    refuse();
                    return;
                }
                try {
                    answer.complete(query.run(connection));
                } finally {
                    end();
                }
            } catch (SQLException | RuntimeException e) {
                started.complete(null);
                answer.completeExceptionally(e);
            }
        }

        private synchronized boolean begin(SQLiteConnection connection) {
            running = Optional.of(connection);
            reads.add(this);
            started.complete(null);
            return !cancelled && !closed;
        }

        /** Refuses a read that will not run. */
        void refuse() {
            started.complete(null);
            answer.completeExceptionally(new JournalException("the journal is closed"));
        }

        private synchronized void end() {
            running = Optional.empty();
            reads.remove(this);
        }

        synchronized void stop() {
            cancelled = true;
            running.ifPresent(connection -> {
                try {
                    connection.getDatabase().interrupt();
                } catch (SQLException e) {
                    LOG.warn("read_not_interrupted cause={}", e.toString());
                }
            });
        }
    }

    /** Bytes of the write-ahead log now. */
    long walBytes() {
        Path wal = file.resolveSibling(file.getFileName() + "-wal");
        try {
            return Files.exists(wal) ? Files.size(wal) : 0;
        } catch (IOException e) {
            LOG.warn("wal_size_unknown cause={}", e.toString());
            return 0;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        closing.countDown();
        readers.shutdownNow().forEach(waiting -> {
            if (waiting instanceof PendingRead<?> pendingRead) {
                pendingRead.refuse();
            }
        });
        reads.forEach(PendingRead::stop);
        try {
            if (!readers.awaitTermination(READ_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("readers_still_running");
            }
            checkpointer.join(READ_WAIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (readerConnections) {
            readerConnections.forEach(SqliteJournal::closeQuietly);
        }
        closeQuietly(writer);
        heads.close();
    }

    private void append(JournalEntry entry, byte[] hash) throws SQLException {
        insert.setString(1, entry.stream());
        insert.setLong(2, entry.seq());
        insert.setLong(3, ChronoUnit.MICROS.between(Instant.EPOCH, entry.at()));
        insert.setString(4, entry.tradingDay().toString());
        insert.setString(5, entry.type());
        insert.setInt(6, entry.version());
        insert.setLong(7, entry.fence());
        insert.setString(8, entry.subject());
        insert.setString(9, entry.payload());
        insert.setLong(10, JournalRows.crc(entry));
        insert.setBytes(11, hash);
        insert.executeUpdate();
    }

    static Connection connect(Path file) throws SQLException {
        return StoreDatabase.file(file).connect();
    }

    /** Sets what durability needs and reads it back: a driver or a build that ignores a PRAGMA must be detected. */
    static void makeDurable(Connection connection) throws SQLException {
        pragma(connection, "journal_mode", "wal", "wal");
        pragma(connection, "synchronous", "FULL", "2");
        pragma(connection, "fullfsync", "1", "1");
        pragma(connection, "wal_autocheckpoint", "0", "0");
        pragma(connection, "busy_timeout", "5000", "5000");
    }

    private static void pragma(Connection connection, String name, String value, String expected) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA " + name + "=" + value);
            try (ResultSet row = statement.executeQuery("PRAGMA " + name)) {
                String now = row.next() ? row.getString(1) : "nothing";
                if (!expected.equalsIgnoreCase(now)) {
                    throw new JournalException("SQLite did not accept PRAGMA " + name + "=" + value + ": it reports "
                            + now + ", so nothing would be durable");
                }
            }
        }
    }

    private SQLiteConnection openReader() {
        try {
            SQLiteConnection connection = connect(file).unwrap(SQLiteConnection.class);
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA query_only=1");
                statement.execute("PRAGMA busy_timeout=1000");
            }
            synchronized (readerConnections) {
                readerConnections.add(connection);
            }
            return connection;
        } catch (SQLException e) {
            throw new JournalException("a reader of the journal cannot be opened: " + e.getMessage(), e);
        }
    }

    private void truncateLargeLog() {
        if (walBytes() > WAL_LIMIT_BYTES) {
            LOG.warn("wal_over_limit bytes={} action=truncate", walBytes());
            try (var statement = writer.createStatement()) {
                writer.setAutoCommit(true);
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
                writer.setAutoCommit(false);
            } catch (SQLException e) {
                close();
                throw new JournalException("the write-ahead log cannot be truncated: " + e.getMessage(), e);
            }
        }
    }

    private void checkpointLoop() {
        try {
            do {
                checkpointUntilClosed();
            } while (!closing.await(CHECKPOINT_AGAIN_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns early after an error, which may be one of a full disk that has space again a moment later. */
    private void checkpointUntilClosed() throws InterruptedException {
        try (Connection connection = connect(file);
                var statement = connection.createStatement()) {
            long moved = -1;
            long wait = IDLE_MILLIS;
            while (!closing.await(wait, TimeUnit.MILLISECONDS)) {
                try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
                    long movedNow = row.next() ? row.getLong(3) : moved;
                    heads.record(wait);
                    wait = movedNow == moved ? IDLE_MILLIS : CHECKPOINT_MILLIS;
                    moved = movedNow;
                }
            }
        } catch (SQLException e) {
            LOG.error("checkpoint_failed cause={}", e.toString());
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("close_failed resource={} cause={}", resource.getClass().getSimpleName(), e.toString());
        }
    }
}
