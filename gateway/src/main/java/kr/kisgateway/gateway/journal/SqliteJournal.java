package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private static final long IDLE_MILLIS = 1_000;
    /** Interval between two records of the journal's position. */
    private static final Duration POSITION_EVERY = Duration.ofSeconds(10);
    /** Interval between two records of the chains' heads. */
    private static final Duration WITNESS_EVERY = Duration.ofMinutes(1);

    private static final int READERS = 2;
    private static final Duration READ_WAIT = Duration.ofSeconds(5);
    private static final Duration READ_LIMIT = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger("gateway.journal");

    private final Path file;
    private final Path positionFile;
    /** The last committed event of each stream. */
    private final Map<String, ChainHead> heads = new ConcurrentHashMap<>();

    private final JournalWitness witness;
    /** What the witness has recorded: of the checkpointer, and after its end of the thread that closes. */
    private final Map<String, ChainHead> witnessed = new ConcurrentHashMap<>();

    private final JournalTail tail;
    /** Number of events committed in all streams. */
    private long events;

    private final Connection writer;
    private final PreparedStatement insert;
    private final PreparedStatement position;
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
        this.witness = witness;
        this.positionFile = JournalPosition.fileBeside(file);
        this.readLimit = readLimit;
        Optional<JournalPosition> recorded = JournalPosition.read(positionFile);
        recorded.ifPresent(position -> JournalFolder.requireSame(file, position));
        this.writer = connect(file);
        try {
            makeDurable(writer);
            Schema.createOrMigrate(writer, file, environment, tables, clock);
            if (recorded.isPresent()) {
                JournalFolder.requireUpToDate(file, writer, recorded.get());
            } else {
                JournalFolder.requireNeverRecorded(file, writer);
            }
            this.id = Schema.header(writer, Schema.ID).orElseThrow();
            this.fence = 1 + Schema.header(writer, "fence").map(Long::parseLong).orElse(0L);
            Schema.setHeader(writer, "fence", Long.toString(fence));
            JournalPosition found = JournalPosition.of(writer);
            heads.putAll(JournalChain.heads(writer, found.streams()));
            this.events = found.events();
            if (recordPosition()
                    && Schema.header(writer, JournalPosition.RECORDED).isEmpty()) {
                // After the file: a journal must not report a missing record that was never written.
                Schema.setHeader(writer, JournalPosition.RECORDED, "1");
            }
            writer.setAutoCommit(false);
            this.insert = writer.prepareStatement(
                    "INSERT INTO journal(stream, seq, at_us, trading_day, type, v, fence, subject, payload, crc, hash)"
                            + " VALUES (?,?,?,?,?,?,?,?,?,?,?)");
            this.position = writer.prepareStatement("INSERT INTO streams(stream, last_seq) VALUES (?,?)"
                    + " ON CONFLICT(stream) DO UPDATE SET last_seq = excluded.last_seq");
            this.tail = JournalTail.open(JournalTail.fileBeside(file), id, events);
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
    public Map<String, Long> lastSeq() {
        return onWriter(connection -> {
            Map<String, Long> last = new HashMap<>();
            try (var statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT stream, last_seq FROM streams")) {
                while (row.next()) {
                    last.put(row.getString(1), row.getLong(2));
                }
            }
            return last;
        });
    }

    @Override
    public void commit(List<JournalEntry> entries, Work tables) {
        if (closed) {
            throw new JournalException("the journal is closed");
        }
        try {
            Map<String, ChainHead> last = new HashMap<>();
            for (JournalEntry entry : entries) {
                byte[] hash = JournalChain.next(hashBefore(entry.stream(), last), entry);
                append(entry, hash);
                last.put(entry.stream(), new ChainHead(entry.seq(), hash));
            }
            for (Map.Entry<String, ChainHead> stream : last.entrySet()) {
                position.setString(1, stream.getKey());
                position.setLong(2, stream.getValue().seq());
                position.executeUpdate();
            }
            tables.run(writer);
            writer.commit();
            heads.putAll(last);
            events += entries.size();
            tail.record(events);
        } catch (SQLException e) {
            close();
            throw new JournalException("a commit failed: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            close(); // a defect: its partial changes must not become part of the next commit
            throw e;
        }
        truncateLargeLog();
    }

    /** The hash that the next event of {@code stream} follows: in this commit, or committed before. */
    private byte[] hashBefore(String stream, Map<String, ChainHead> last) {
        ChainHead head = last.getOrDefault(stream, heads.get(stream));
        return head == null ? JournalChain.start(id, stream) : head.hash();
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
        recordHeads();
        tail.close();
        if (recordPosition()) {
            JournalTail.delete(JournalTail.fileBeside(file));
        }
    }

    private Map<String, Long> positions() {
        Map<String, Long> positions = new HashMap<>();
        heads.forEach((stream, head) -> positions.put(stream, head.seq()));
        return positions;
    }

    /** Records the position; after a failure the next call retries: until then less is detected. */
    private boolean recordPosition() {
        try {
            new JournalPosition(Optional.of(id), fence, positions()).write(positionFile);
            return true;
        } catch (UncheckedIOException e) {
            LOG.warn("journal_position_not_recorded cause=\"{}\"", e.getMessage());
            return false;
        }
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
        // Generated keys are not needed; by default the driver reads them with a query of its own after each insert.
        return DriverManager.getConnection("jdbc:sqlite:" + file + "?jdbc.get_generated_keys=false");
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
        try (Connection connection = connect(file);
                var statement = connection.createStatement()) {
            long moved = -1;
            long wait = IDLE_MILLIS;
            Map<String, Long> recorded = positions();
            long idle = 0;
            long unwitnessed = 0;
            while (!closing.await(wait, TimeUnit.MILLISECONDS)) {
                try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
                    long movedNow = row.next() ? row.getLong(3) : moved;
                    idle += wait;
                    unwitnessed += wait;
                    wait = movedNow == moved ? IDLE_MILLIS : CHECKPOINT_MILLIS;
                    moved = movedNow;
                }
                if (idle >= POSITION_EVERY.toMillis()) {
                    idle = 0;
                    Map<String, Long> now = positions();
                    if (!now.equals(recorded)) {
                        recordPosition();
                        recorded = now;
                    }
                }
                if (unwitnessed >= WITNESS_EVERY.toMillis()) {
                    unwitnessed = 0;
                    recordHeads();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.error("checkpointer_stopped cause={}", e.toString());
        }
    }

    /** Records the heads that have changed since they were recorded. Not called by two threads at once. */
    private void recordHeads() {
        Map<String, ChainHead> changed = new HashMap<>(heads);
        changed.entrySet().removeIf(head -> head.getValue().equals(witnessed.get(head.getKey())));
        if (!changed.isEmpty()) {
            witness.record(id, changed);
            witnessed.putAll(changed);
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
